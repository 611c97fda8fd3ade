"""Tables filled past the size where a scan would be as good, and the plans of what is asked of them."""

from collections.abc import Callable

from django.db import connection
from django.test.utils import CaptureQueriesContext

MANY = 20_000
ROWS = {
    "parties_party": """
        INSERT INTO parties_party (number, name, is_customer, is_care_unit, parent_id)
        SELECT 'X' || n, 'Enhet ' || md5(n::text), n % 2 = 0, true, {parent}
        FROM generate_series(1, {many}) AS n""",
    "parties_user": """
        INSERT INTO parties_user (username, name, password, email, is_superuser, is_staff, is_active, date_joined)
        SELECT 'x' || md5(n::text), 'Person ' || md5(n::text), '', '', false, false, true, now()
        FROM generate_series(1, {many}) AS n""",
    "parties_patient": """
        INSERT INTO parties_patient (identity_kind, identity_number, former_numbers, name, municipality_id)
        SELECT 'PNR', '19310101' || lpad(n::text, 4, '0'), '{{}}', 'Patient ' || md5(n::text), {parent}
        FROM generate_series(1, 9999) AS n""",
}


def fill(table: str, parent: int) -> None:
    """Add rows that belong to the party `parent`, without the triggers, and look at the table as autovacuum would."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(ROWS[table].format(parent=parent, many=MANY))
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
        # What has just come waits beside a GIN index until a vacuum, which this transaction cannot do.
        cursor.execute(
            "SELECT gin_clean_pending_list(indexrelid) FROM pg_index"
            " JOIN pg_class ON pg_class.oid = indexrelid JOIN pg_am ON pg_am.oid = relam AND amname = 'gin'"
            " WHERE indrelid = %s::regclass",
            [table],
        )
        cursor.execute(f"ANALYZE {table}")


def plans_of(act: Callable[[], object]) -> list[str]:
    """How the database answers each SELECT that the act makes."""
    with CaptureQueriesContext(connection) as queries:
        act()
    plans = []
    with connection.cursor() as cursor:
        for query in queries.captured_queries:
            if query["sql"].startswith("SELECT"):
                cursor.execute("EXPLAIN " + query["sql"])
                plans.append("\n".join(line for (line,) in cursor.fetchall()))
    return plans
