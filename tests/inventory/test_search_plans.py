"""The search at size: by the index whatever is typed, with a fixed number of statements."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory.models import Article
from inventory.search import exact_article, search_articles

ARTICLES = """
    INSERT INTO inventory_article (number, name, iso_code, kind, charging)
    SELECT (300000 + n)::text, 'Rollator ' || md5(n::text) || ' b' || n % 90, '120606', 'MAIN', 'PURCHASE'
    FROM generate_series(1, 20000) AS n
"""
ODD = ["", "a", "å" * 500, "x" * 500, "%", "_", "%%%", "a%b", "'", '"', "a\0b", "\0", "שלום עולם", "🦽", "-", "1 " * 40]
ODD += [" ".join(f"ord{n}" for n in range(40)), "]d2", "(01)", "(01)0200", "01" * 30, "\\", "a_", "h/s", "9" * 400]


@pytest.mark.parametrize("text", ODD, ids=range(len(ODD)))
def test_answers_whatever_is_typed(db: None, text: str) -> None:
    assert search_articles(text) == []
    assert exact_article(text) is None


def test_never_scans_all_articles(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(ARTICLES)
        # What has just come waits beside the index until a vacuum, which this transaction cannot do.
        cursor.execute("SELECT gin_clean_pending_list('article_search_trigram')")
        cursor.execute("ANALYZE inventory_article")
        for text in (
            "14540",
            "toa förhöj",
            "rolator ab12",
            "höjning",
            "HD-04541",
            "2000001454008",
            "h/s 30",
            "x" * 500,
        ):
            with CaptureQueriesContext(connection) as queries:
                search_articles(text)
                exact_article(text)
            assert len(queries) <= 8, text
            for query in queries.captured_queries:
                if not query["sql"].startswith("EXPLAIN"):
                    cursor.execute("EXPLAIN " + query["sql"])
                    plan = "\n".join(line for (line,) in cursor.fetchall())
                    assert "Seq Scan on inventory_article" not in plan, (text, plan)


def test_the_number_of_hits_costs_no_statements(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(ARTICLES)
    with CaptureQueriesContext(connection) as none:
        assert search_articles("bolltäcke") == []
    with CaptureQueriesContext(connection) as many:
        assert len(search_articles("rollator")) == 20
    assert len(none) == len(many) == 2
    assert Article.objects.exclude(search_text="").count() == 20000
