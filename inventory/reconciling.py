"""That the caches agree with the ledger. Every check is a query that returns a Swedish sentence for each difference.

All checks of a run are one transaction with one snapshot, so they see one moment although others work meanwhile. What
they compare is gathered in temporary tables first: of those the planner has statistics, without which it takes nested
loops over millions of rows for the shortest way.
"""

from collections.abc import Iterable

from django.db import connection, transaction

VIEWS = {
    # How much of each article every place holds by the ledger; negative where goods begin.
    "placed": """
        SELECT location_id, kind, warehouse_id, article_id, sum(quantity) AS quantity
        FROM (SELECT article_id, to_location_id AS location_id, quantity FROM inventory_stockmovement
              UNION ALL
              SELECT article_id, from_location_id, -quantity FROM inventory_stockmovement) AS change
        JOIN inventory_location AS place ON place.id = change.location_id
        GROUP BY location_id, kind, warehouse_id, article_id
    """,
    # What the ledger says of each warehouse and article.
    "ledger": """
        SELECT warehouse_id, article_id,
               coalesce(sum(quantity) FILTER (WHERE kind = 'WAREHOUSE'), 0) AS on_hand,
               coalesce(sum(quantity) FILTER (WHERE kind = 'TRANSIT'), 0) AS incoming
        FROM placed WHERE kind IN ('WAREHOUSE', 'TRANSIT')
        GROUP BY warehouse_id, article_id
    """,
    # How often each device has come to a place more than it has left it: 1 where it is, -1 where it began.
    "stay": """
        SELECT device_id, location_id, sum(quantity) AS times
        FROM (SELECT device_id, to_location_id AS location_id, quantity FROM inventory_stockmovement
              UNION ALL
              SELECT device_id, from_location_id, -quantity FROM inventory_stockmovement) AS change
        WHERE device_id IS NOT NULL
        GROUP BY device_id, location_id
    """,
    "known": """
        SELECT warehouse_id, article_id FROM inventory_stocklevel
        UNION SELECT warehouse_id, article_id FROM ledger
    """,
    "balance": """
        SELECT warehouse.number AS warehouse, article.number AS article, article.is_numbered,
               warehouse_id, article_id, coalesce(level.on_hand, 0) AS on_hand,
               coalesce(level.reserved, 0) AS reserved, coalesce(level.incoming, 0) AS incoming
        FROM known
        JOIN inventory_warehouse AS warehouse ON warehouse.id = warehouse_id
        JOIN inventory_article AS article ON article.id = article_id
        LEFT JOIN inventory_stocklevel AS level USING (warehouse_id, article_id)
    """,
}

SETTINGS = {
    "work_mem": "'256MB'",
    "statement_timeout": "0",
    "max_parallel_workers_per_gather": "2",
    "join_collapse_limit": "8",
}
"""For statements that read whole tables, which a page's never do."""

CHECKS = [
    """
    SELECT format('Lager %s, artikel %s: i lager är %s, men lagerrörelserna ger %s.',
                  warehouse, article, balance.on_hand, coalesce(ledger.on_hand, 0))
    FROM balance LEFT JOIN ledger USING (warehouse_id, article_id)
    WHERE balance.on_hand <> coalesce(ledger.on_hand, 0)
    """,
    """
    SELECT format('Lager %s, artikel %s: väntat in är %s, men lagerrörelserna ger %s.',
                  warehouse, article, balance.incoming, coalesce(ledger.incoming, 0))
    FROM balance LEFT JOIN ledger USING (warehouse_id, article_id)
    WHERE balance.incoming <> coalesce(ledger.incoming, 0)
    """,
    """
    SELECT format('Lager %s, artikel %s: i lager är %s, men %s individer finns där.',
                  warehouse, article, on_hand, count(device.id))
    FROM balance
    LEFT JOIN inventory_location AS place ON place.warehouse_id = balance.warehouse_id AND place.kind = 'WAREHOUSE'
    LEFT JOIN inventory_device AS device ON device.location_id = place.id AND device.article_id = balance.article_id
    WHERE is_numbered
    GROUP BY warehouse, article, on_hand
    HAVING on_hand <> count(device.id)
    """,
    """
    SELECT format('Individ %s: platsen är inte den som lagerrörelserna ger.', device.number)
    FROM inventory_device AS device
    JOIN inventory_location AS place ON place.id = device.location_id
    LEFT JOIN (SELECT device_id, bool_or(times <> 0) AS has_moved, max(times) AS most,
                      array_agg(location_id) FILTER (WHERE times > 0) AS places
               FROM stay GROUP BY device_id) AS been ON been.device_id = device.id
    WHERE has_moved AND (places IS DISTINCT FROM ARRAY[place.id] OR most <> 1)
       OR been.device_id IS NULL AND place.kind NOT IN ('SUPPLIER', 'FOUND')
    """,
    """
    SELECT format('Plats %s: kommunen är %s, men den hör till %s.', place.id,
                  coalesce(said.number, 'ingen'), coalesce(town.number, 'ingen'))
    FROM inventory_location AS place
    LEFT JOIN parties_party AS said ON said.id = place.municipality_id
    LEFT JOIN inventory_warehouse AS warehouse ON warehouse.id = place.warehouse_id
    LEFT JOIN parties_party AS unit ON unit.id = coalesce(place.party_id, warehouse.owner_id)
    LEFT JOIN parties_patient AS patient ON patient.id = place.patient_id
    LEFT JOIN parties_party AS town ON town.id = coalesce(
        patient.municipality_id, CASE WHEN unit.is_municipality OR unit.is_region THEN unit.id ELSE unit.parent_id END)
    WHERE said.id IS DISTINCT FROM town.id
    """,
]


def differences(checks: Iterable[str] = CHECKS, views: dict[str, str] = VIEWS) -> list[str]:
    """A sentence for each thing that differs, in Swedish and sorted; empty when everything agrees."""
    is_alone = not connection.in_atomic_block
    found: list[str] = []
    with transaction.atomic(), connection.cursor() as cursor:
        if is_alone:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        for name, value in SETTINGS.items():
            cursor.execute(f"SET LOCAL {name} = {value}")
        for name, query in views.items():
            cursor.execute(f"CREATE TEMPORARY TABLE {name} ON COMMIT DROP AS {query}")
            cursor.execute(f"ANALYZE {name}")
        for check in checks:
            cursor.execute(check)
            found += [sentence for (sentence,) in cursor.fetchall()]
        if not is_alone:  # the caller's transaction goes on
            cursor.execute("".join(f"DROP TABLE {name};" for name in views))
            cursor.execute("".join(f"RESET {name};" for name in SETTINGS))
    return sorted(found)
