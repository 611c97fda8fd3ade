"""The search at size: by the index whatever is typed, with a fixed number of statements."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory.models import Article
from inventory.models.article import ArticleKind
from inventory.search import ArticleFilter, exact_article, find_articles, search_articles
from inventory.search_ranking import MOST_CANDIDATES
from tests.factories import ArticleFactory
from tests.fixtures import Town

ARTICLES = """
    INSERT INTO inventory_article (number, name, iso_code, kind, charging)
    SELECT (300000 + n)::text, 'Rollator ' || md5(n::text) || ' b' || n % 90, '120606', 'MAIN', 'PURCHASE'
    FROM generate_series(1, 20000) AS n
"""
MANY = """
    INSERT INTO inventory_article (id, number, name, iso_code, kind, charging, search_text)
    SELECT {key}, number, name, '120606', 'MAIN', 'PURCHASE',
        plain_text(' ' || name || E'\n ' || number || E' \n  120606 Förflyttning Gånghjälpmedel Rollatorer')
    FROM (SELECT n, (300000 + n)::text, 'Rollator ' || md5(n::text) || ' b' || n % 90
        FROM generate_series(1, 50000) AS n) AS made (n, number, name)
"""
ODD = ["", "a", "å" * 500, "x" * 500, "%", "_", "%%%", "a%b", "'", '"', "a\0b", "\0", "שלום עולם", "🦽", "-", "1 " * 40]
ODD += [" ".join(f"ord{n}" for n in range(40)), "]d2", "(01)", "(01)0200", "01" * 30, "\\", "a_", "h/s", "9" * 400]


@pytest.mark.parametrize("text", ODD, ids=range(len(ODD)))
def test_answers_whatever_is_typed(db: None, text: str) -> None:
    assert search_articles(text) == []
    assert exact_article(text) is None


@pytest.fixture
def many(db: None) -> None:
    add_many()


def add_many(key: str = "nextval('inventory_article_id_seq')") -> None:
    """50,000 articles that all have one word in common, and statistics that know it."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE inventory_article DISABLE TRIGGER USER")
        cursor.execute(MANY.format(key=key))
        cursor.execute("ALTER TABLE inventory_article ENABLE TRIGGER USER")
        # What has just come waits beside the index until a vacuum, which this transaction cannot do.
        cursor.execute("SELECT gin_clean_pending_list('article_search_trigram')")
        cursor.execute("ANALYZE inventory_article")


def rows_scanned() -> int:
    """Articles read so far in this transaction by reading the table from its beginning."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq_tup_read FROM pg_stat_xact_user_tables WHERE relname = 'inventory_article'")
        return int(cursor.fetchone()[0])


PLAIN = ["14540", "toa förhöj", "rolator ab12", "höjning", "HD-04541", "2000001454008", "rollator b30", "b31 rollator"]
COMMON = ["rollator", "a", "b", "b3", "st", "r b 3", "b3 b4", "rollator a", "h/s 30", "forflyttning", "1206", "3"]


def test_never_scans_all_articles(town: Town, many: None) -> None:
    """Neither by the plan of any statement, nor as PostgreSQL counts what was read."""
    for text in [*PLAIN, *COMMON, *ODD[1:]]:
        for sender in (None, town.store):
            before = rows_scanned()
            with CaptureQueriesContext(connection) as queries:
                search_articles(text, sender=sender)
                exact_article(text)
            assert rows_scanned() == before, text
            assert len(queries) <= 8, text
            for query in queries.captured_queries:
                assert "Seq Scan on inventory_article" not in plan_of(query["sql"]), text


def plan_of(sql: str, options: str = "") -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {options} {sql}")
        return "\n".join(line for (line,) in cursor.fetchall())


def test_compares_only_so_many(many: None) -> None:
    """However many articles have the word."""
    found = find_articles("rollator")
    assert MOST_CANDIDATES <= found.count(most=100_000) == found.articles.count() <= 2 * MOST_CANDIDATES
    assert find_articles("15121").articles.count() == 0


@pytest.fixture
def old(db: None) -> None:
    """The same as the first articles that there were."""
    add_many(key="n - 100000")
    with connection.cursor() as cursor:
        cursor.execute("SELECT gin_clean_pending_list('article_oldest_trigram')")


def test_a_word_that_many_have_is_found_among_the_oldest(old: None) -> None:
    """No list is made of all that have it: the index of all articles is not read."""
    for text in ["rollator", "rollator b", "ollat", "120606"]:
        with CaptureQueriesContext(connection) as queries:
            assert find_articles(text).is_cut, text
        (ranking,) = [query["sql"] for query in queries if "search_text LIKE" in query["sql"]]
        plan = plan_of(ranking, "(ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF)").splitlines()
        assert any("article_oldest_trigram" in line and "never executed" not in line for line in plan), text
        assert all("never executed" in line for line in plan if "article_search_trigram" in line), text


def test_the_best_are_found_however_new_they_are(old: None) -> None:
    """By the first word those that can be ordered, and of them main articles; by a number those that begin with it."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE inventory_article SET is_orderable = FALSE, kind = 'SPARE' WHERE id < 0")
    for number, kind, is_orderable in [("997", "MAIN", False), ("998", "SPARE", True), ("999", "MAIN", True)]:
        ArticleFactory.create(number=number, name="Rollator", kind=kind, is_orderable=is_orderable)
    found = search_articles("rollator", limit=4)
    assert [article.number for article in found] == ["999", "998", "997", "300001"]
    assert [article.number for article in search_articles("99", limit=3)] == ["999", "998", "997"]


def test_what_can_be_ordered_is_found_before_what_no_longer_can(old: None) -> None:
    """Also inside words, where thousands that no longer can are older."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE inventory_article SET is_orderable = FALSE WHERE id < 0")
        cursor.execute("UPDATE inventory_article SET is_orderable = TRUE WHERE id < 0 AND number >= '340000'")
    assert {article.is_orderable for article in search_articles("ollat", limit=20)} == {True}


def test_the_number_of_hits_costs_no_statements(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(ARTICLES)
    with CaptureQueriesContext(connection) as none:
        assert search_articles("bolltäcke") == []
    with CaptureQueriesContext(connection) as many:
        assert len(search_articles("rollator")) == 20
    assert (len(none), len(many)) == (2, 3)
    assert Article.objects.exclude(search_text="").count() == 20000


def test_parts_are_found_without_the_articles_they_belong_to(many: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT gin_clean_pending_list('article_parts_trigram')")
    part = ArticleFactory.create(name="Bricka till rollator", kind=ArticleKind.ACCESSORY)
    with CaptureQueriesContext(connection) as queries:
        assert search_articles("rollator", only=ArticleFilter(is_part=True)) == [part]
    (ranking,) = [query["sql"] for query in queries if "search_text LIKE" in query["sql"]]
    plan = plan_of(ranking)
    assert "article_parts" in plan  # by words or, where there are so few, all of them
    assert "article_search_trigram" not in plan
