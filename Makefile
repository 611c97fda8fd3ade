# make demo    set everything up and serve on http://127.0.0.1:8000 (PORT=8123, SESAM_HOME=folder, DATABASE_URL=…)
# make test    the whole test suite, in parallel
# make check   everything that is checked without running the system
# make bench   fill two databases, once, and measure every page on both (a quarter of an hour the first time)
# make lock    compile the requirements files again from pyproject.toml
.POSIX:
.PHONY: demo test check bench lock clean

PORT ?= 8000
PY = .venv/bin/python
# The first Python on the path that is new enough.
FIND_PYTHON = for python in "$$PYTHON" python3 python3.14 python3.13 python3.12 python; do \
	test -n "$$python" && "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 12))' 2>/dev/null && break; \
	python=; done; \
	test -n "$$python" || { echo "Sesam needs Python 3.12 or newer, and none was found." >&2; exit 1; }
MAKE_VENV = $(FIND_PYTHON); \
	$(PY) -c 'import sys; sys.exit(sys.version_info < (3, 12))' 2>/dev/null || "$$python" -m venv --clear .venv || { \
	echo "Python's venv is missing; on Debian: apt-get install python3-venv" >&2; exit 1; }
INSTALL = $(PY) -m pip install -qq --disable-pip-version-check --require-hashes --requirement

demo:
	@$(FIND_PYTHON); "$$python" sesam/preflight.py "$(PORT)"
	@$(MAKE) --silent --no-print-directory .venv/requirements.txt
	@SESAM_DEMO=1 SESAM_DEBUG=0 $(PY) manage.py demo --port "$(PORT)"

test: .venv/requirements-dev.txt
	$(PY) -m pytest --numprocesses 2 --dist loadfile $(ARGS)

check: .venv/requirements-dev.txt
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m djlint --lint templates
	SESAM_DEMO=1 $(PY) manage.py makemigrations --check --dry-run
	SESAM_DEBUG=0 SESAM_DEMO=0 ALLOWED_HOSTS=sesam.example.se SESAM_LOCAL_LOGIN=1 \
		SECRET_KEY="$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(60))')" \
		$(PY) -W error::DeprecationWarning manage.py check --deploy --fail-level WARNING
	$(PY) -m mypy
	$(PY) -m pytest --quiet tests/test_architecture.py
	@if $(PY) -c '$(HAS_ADVISORIES)' 2>/dev/null; \
	then $(PY) -m pip_audit --strict --require-hashes --disable-pip --requirement requirements.txt; \
	else echo "pip-audit: not run, the advisory service cannot be reached from here."; fi

# A mirror may have the packages but not what is known about them.
HAS_ADVISORIES = import sys; from packaging.version import Version; from pip_audit._service import PyPIService, ResolvedDependency; \
	sys.exit(not PyPIService(timeout=10).query(ResolvedDependency("pip", Version("19.0")))[1])

BENCH = $${SESAM_HOME:-.sesam}/bench
bench: .venv/requirements.txt
	@export SESAM_DEMO=1; bench=$(BENCH); mkdir -p "$$bench"; for size in small region; do \
		export SESAM_HOME="$$bench/$$size"; \
		$(PY) manage.py migrate --verbosity 0 || exit 1; \
		test -e "$$bench/$$size.filled" || { $(PY) manage.py generate --size $$size && touch "$$bench/$$size.filled"; } || exit 1; \
		$(PY) manage.py bench --json "$$bench/$$size.json" || exit 1; \
	done; $(PY) manage.py bench --compare "$$bench/small.json" "$$bench/region.json"

.venv/requirements.txt: requirements.txt
	@$(MAKE_VENV)
	@echo "Installing what Sesam needs into .venv …"
	@$(INSTALL) requirements.txt
	@cp requirements.txt $@

.venv/requirements-dev.txt: requirements-dev.txt
	@$(MAKE_VENV)
	@echo "Installing what Sesam and its tests need into .venv …"
	@$(INSTALL) requirements-dev.txt
	@cp requirements-dev.txt $@
	@cp requirements.txt .venv/requirements.txt

COMPILE = $(PY) -m uv pip compile --quiet --generate-hashes --universal --python-version 3.12 --no-header \
	--no-emit-index-url $(ARGS)
lock: .venv/requirements-dev.txt
	$(COMPILE) pyproject.toml --output-file requirements.txt
	$(COMPILE) pyproject.toml --group dev --constraint requirements.txt --output-file requirements-dev.txt

clean:
	rm -rf .venv .sesam .mypy_cache .pytest_cache .ruff_cache test-results
