"""A real OpenID provider as a process of its own, for the tests of logging in: `python -m tests.openid_provider`.

It is oidc-provider-mock, made to demand PKCE and, when told so, to do what no provider should. It prints its address.
"""

import hashlib
from argparse import ArgumentParser
from base64 import urlsafe_b64encode
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import flask
import joserfc.jwk
from oidc_provider_mock import app as provider_app
from werkzeug.serving import make_server


def demand_pkce(app: flask.Flask) -> None:
    """A code is exchanged only by whoever knows what its challenge was made from (RFC 7636, S256)."""
    challenges: dict[str, str] = {}

    @app.after_request
    def remember(response: flask.Response) -> flask.Response:
        for code in parse_qs(urlsplit(response.headers.get("Location", "")).query).get("code", []):
            challenges[code] = flask.request.args.get("code_challenge", "")
        return response

    @app.before_request
    def compare() -> tuple[str, int] | None:
        if not flask.request.path.endswith("/token"):
            return None
        digest = hashlib.sha256(flask.request.form.get("code_verifier", "").encode()).digest()
        made = urlsafe_b64encode(digest).rstrip(b"=").decode()
        return None if challenges.pop(flask.request.form.get("code", ""), "") == made else ("wrong verifier", 400)


def show_another_key(app: flask.Flask) -> None:
    """The published key has the name of the one that signs, and is another."""
    endpoint = next(rule.endpoint for rule in app.url_map.iter_rules() if rule.rule == "/jwks")
    published = app.view_functions[endpoint]

    def other() -> flask.Response:
        key = joserfc.jwk.RSAKey.generate_key(2048).as_dict(private=False)
        (known,) = flask.make_response(published()).get_json()["keys"]
        return flask.jsonify({"keys": [{**known, "n": key["n"], "e": key["e"]}]})

    app.view_functions[endpoint] = other


def main() -> None:
    parser = ArgumentParser()
    parser.add_argument("--expired", action="store_true", help="issue tokens that were valid an hour ago")
    parser.add_argument("--another-key", action="store_true", help="publish another key than the one that signs")
    options = parser.parse_args()
    app = provider_app(require_nonce=True, access_token_max_age=timedelta(hours=-1 if options.expired else 1))
    demand_pkce(app)
    if options.another_key:
        show_another_key(app)
    server = make_server("localhost", 0, app, threaded=True)
    print(f"http://localhost:{server.server_port}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
