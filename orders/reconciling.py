"""That balances, order lines, holdings, documents and the ledger say the same."""

from inventory import reconciling

VIEWS = reconciling.VIEWS | {
    # What the lines of registered orders hold of each warehouse and article.
    "held": """
        SELECT sender_id AS warehouse_id, article_id, sum(line.reserved) AS reserved
        FROM orders_orderline AS line JOIN orders_order AS customer_order ON customer_order.id = order_id
        WHERE line.reserved > 0
        GROUP BY sender_id, article_id
    """,
    # What was settled of each receipt line: moved out of transit, and of that what came to the store after all.
    "settled": """
        SELECT receipt_line_id,
               sum(quantity) AS quantity,
               coalesce(sum(quantity) FILTER (WHERE kind = 'MISSING'), 0) AS missing,
               coalesce(sum(quantity) FILTER (WHERE kind = 'DAMAGED'), 0) AS damaged,
               coalesce(sum(quantity) FILTER (WHERE kind = 'EXTRA'), 0) AS extra,
               coalesce(sum(quantity) FILTER (WHERE outcome = 'ARRIVED'), 0) AS arrived
        FROM orders_receiptsettlement
        GROUP BY receipt_line_id
    """,
    # Receipt lines where something differed, also of articles that were not on the delivery.
    "differing": """
        SELECT receipt.id, delivery.number, receipt.missing, receipt.damaged, receipt.extra, receipt.settled,
               coalesce(settled.quantity, 0) AS settlements, coalesce(settled.missing, 0) AS missing_settled,
               coalesce(settled.damaged, 0) AS damaged_settled, coalesce(settled.extra, 0) AS extra_settled
        FROM orders_receiptline AS receipt
        JOIN orders_receipt ON orders_receipt.id = receipt.receipt_id
        JOIN orders_delivery AS delivery ON delivery.id = delivery_id
        LEFT JOIN settled ON settled.receipt_line_id = receipt.id
        WHERE receipt.missing + receipt.damaged + receipt.extra + receipt.settled > 0 OR settled.quantity IS NOT NULL
    """,
    "sent": """
        SELECT sent.id, sent.quantity, sent.order_line_id, line.article_id, delivery.number, recipient_warehouse_id,
               receipt.received, receipt.missing, receipt.damaged, failure.id IS NOT NULL AS failed,
               receipt.received + coalesce(settled.arrived, 0) AS arrived,
               CASE WHEN failure.id IS NULL
                    THEN sent.quantity - coalesce(receipt.received + coalesce(settled.missing + settled.damaged, 0), 0)
                    ELSE 0 END AS in_transit,
               format('delivery:%s:line:%s', delivery.id, order_line_id)
                   || coalesce(':device:' || sent.device_id, '') AS movement,
               format('receipt:%s:line:%s', delivery.id, sent.id) AS receiving,
               format('failure:%s:line:%s', delivery.id, sent.id) AS returning
        FROM orders_deliveryline AS sent
        JOIN orders_delivery AS delivery ON delivery.id = sent.delivery_id
        JOIN orders_order AS customer_order ON customer_order.id = delivery.order_id
        JOIN orders_orderline AS line ON line.id = sent.order_line_id
        LEFT JOIN orders_receiptline AS receipt ON receipt.delivery_line_id = sent.id
        LEFT JOIN settled ON settled.receipt_line_id = receipt.id
        LEFT JOIN orders_deliveryfailure AS failure ON failure.delivery_id = delivery.id
    """,
    # What units and patients have by their open holdings.
    "had": """
        SELECT location_id, article_id, sum(quantity - returned) AS quantity
        FROM orders_holding WHERE closed_at IS NULL GROUP BY location_id, article_id
    """,
    "line_of": """
        SELECT line.id, coalesce(number, 'Utkast ' || order_id) AS number, position, sender_id, device_id,
               quantity, delivered, reserved, backordered, canceled, received
        FROM orders_orderline AS line JOIN orders_order AS customer_order ON customer_order.id = order_id
    """,
    "done": """
        SELECT order_id, type, state, number, sum(remaining) AS remaining, sum(delivered) AS delivered,
               bool_or(on_its_way.id IS NOT NULL) AS awaits
        FROM orders_orderline AS line
        JOIN orders_order AS customer_order ON customer_order.id = order_id
        LEFT JOIN (SELECT delivery.order_id AS id
                   FROM orders_delivery AS delivery
                   LEFT JOIN orders_receipt AS receipt ON receipt.delivery_id = delivery.id
                   LEFT JOIN orders_deliveryfailure AS failure ON failure.delivery_id = delivery.id
                   WHERE receipt.id IS NULL AND failure.id IS NULL
                   GROUP BY delivery.order_id) AS on_its_way ON on_its_way.id = order_id
        WHERE state <> 'DRAFT'
        GROUP BY order_id, type, state, number
    """,
}

CHECKS = [
    *reconciling.CHECKS,
    """
    SELECT format('Artikel %s: i lager, på väg, på returhyllor och hos brukare är %s, men in minus ut är %s.',
                  article.number, inside.quantity, -outside.quantity)
    FROM (SELECT article_id, sum(quantity) AS quantity
          FROM (SELECT article_id, on_hand + incoming AS quantity FROM inventory_stocklevel
                UNION ALL SELECT article_id, quantity FROM had
                UNION ALL SELECT article_id, quantity FROM placed WHERE kind = 'RETURNS') AS part
          GROUP BY article_id) AS inside
    FULL JOIN (SELECT article_id, sum(quantity) AS quantity FROM placed
               WHERE kind IN ('SUPPLIER', 'FOUND', 'LOSS') GROUP BY article_id) AS outside USING (article_id)
    JOIN inventory_article AS article ON article.id = article_id
    WHERE coalesce(inside.quantity, 0) <> -coalesce(outside.quantity, 0)
    """,
    """
    SELECT format('Artikel %s hos %s: innehavet är %s, men lagerrörelserna ger %s.', article.number,
                  coalesce(party.name, 'en patient'), coalesce(had.quantity, 0), coalesce(placed.quantity, 0))
    FROM (SELECT location_id, article_id, quantity FROM placed WHERE kind IN ('CARE_UNIT', 'PATIENT')) AS placed
    FULL JOIN had USING (location_id, article_id)
    JOIN inventory_article AS article ON article.id = article_id
    JOIN inventory_location AS place ON place.id = location_id
    LEFT JOIN parties_party AS party ON party.id = place.party_id
    WHERE coalesce(had.quantity, 0) <> coalesce(placed.quantity, 0)
    """,
    """
    SELECT format('Utleverans %s: innehavets kund är %s, men ordern är gjord av %s.',
                  delivery.number, kept.number, party.number)
    FROM orders_holding AS holding
    JOIN orders_deliveryline AS sent ON sent.id = holding.delivery_line_id
    JOIN orders_delivery AS delivery ON delivery.id = sent.delivery_id
    JOIN orders_order AS stored ON stored.id = delivery.order_id
    JOIN parties_party AS kept ON kept.id = holding.customer_id
    JOIN parties_party AS party ON party.id = stored.customer_id
    WHERE stored.customer_id <> holding.customer_id
    """,
    """
    SELECT format('Order %s, rad %s: beställt är %s, men levererat, reserverat, restnoterat och makulerat är %s.',
                  number, position, quantity, delivered + reserved + backordered + canceled)
    FROM line_of
    WHERE quantity <> delivered + reserved + backordered + canceled OR backordered < 0
    """,
    """
    SELECT format('Lager %s, artikel %s: reserverat är %s, men orderraderna håller %s.',
                  warehouse, article, balance.reserved, coalesce(held.reserved, 0))
    FROM balance LEFT JOIN held USING (warehouse_id, article_id)
    WHERE balance.reserved <> coalesce(held.reserved, 0)
    """,
    """
    SELECT format('Lager %s, artikel %s: väntat in är %s, men på väg enligt utleveranserna är %s.',
                  warehouse, article, incoming, coalesce(sum(in_transit), 0))
    FROM balance
    LEFT JOIN sent ON sent.recipient_warehouse_id = warehouse_id AND sent.article_id = balance.article_id
    GROUP BY warehouse, article, incoming
    HAVING incoming <> coalesce(sum(in_transit), 0)
    """,
    """
    SELECT format('Order %s, rad %s: levererat är %s, men utleveranserna ger %s.',
                  line_of.number, position, delivered, coalesce(sum(sent.quantity), 0))
    FROM line_of LEFT JOIN sent ON sent.order_line_id = line_of.id AND NOT failed
    GROUP BY line_of.id, line_of.number, position, delivered
    HAVING delivered <> coalesce(sum(sent.quantity), 0)
    """,
    """
    SELECT format('Order %s, rad %s: mottaget är %s, men mottagningarna ger %s.',
                  line_of.number, position, line_of.received, coalesce(sum(sent.arrived), 0))
    FROM line_of LEFT JOIN sent ON sent.order_line_id = line_of.id
    GROUP BY line_of.id, line_of.number, position, line_of.received
    HAVING line_of.received <> coalesce(sum(sent.arrived), 0)
    """,
    """
    SELECT format('Utleverans %s: %s skickades, men lagerrörelsen är %s.',
                  sent.number, sent.quantity, coalesce(moved.quantity, 0))
    FROM sent
    LEFT JOIN (SELECT key, quantity FROM inventory_stockmovement WHERE key LIKE 'delivery:%') AS moved
        ON moved.key = sent.movement
    WHERE sent.quantity <> coalesce(moved.quantity, 0)
    """,
    """
    SELECT format('Utleverans %s: %s togs emot, men lagerrörelsen är %s.',
                  sent.number, sent.received, coalesce(moved.quantity, 0))
    FROM sent
    LEFT JOIN (SELECT key, quantity FROM inventory_stockmovement WHERE key LIKE 'receipt:%') AS moved
        ON moved.key = sent.receiving
    WHERE coalesce(sent.received, 0) <> coalesce(moved.quantity, 0)
    """,
    """
    SELECT format('Utleverans %s: %s kom tillbaka, men lagerrörelsen är %s.',
                  sent.number, CASE WHEN failed THEN sent.quantity ELSE 0 END, coalesce(moved.quantity, 0))
    FROM sent
    LEFT JOIN (SELECT key, quantity FROM inventory_stockmovement WHERE key LIKE 'failure:%') AS moved
        ON moved.key = sent.returning
    WHERE CASE WHEN failed THEN sent.quantity ELSE 0 END <> coalesce(moved.quantity, 0)
    """,
    """
    SELECT format('Utleverans %s: %s skickades, men mottaget, saknat och skadat är %s.',
                  number, quantity, received + missing + damaged)
    FROM sent WHERE quantity <> received + missing + damaged
    """,
    """
    SELECT format('Utleverans %s: reglerat är %s, men regleringarna ger %s.', number, settled, settlements)
    FROM differing WHERE settled <> settlements
    """,
    """
    SELECT format('Utleverans %s: mer är reglerat än vad som skilde.', number)
    FROM differing WHERE missing_settled > missing OR damaged_settled > damaged OR extra_settled > extra
    """,
    """
    SELECT format('Utleverans %s: %s reglerades, men lagerrörelsen är %s.',
                  differing.number, settlement.moving, coalesce(moved.quantity, 0))
    FROM (SELECT id, receipt_line_id,
                 CASE WHEN kind = 'EXTRA' AND outcome = 'WITH_SENDER' THEN 0 ELSE quantity END AS moving
          FROM orders_receiptsettlement) AS settlement
    JOIN differing ON differing.id = settlement.receipt_line_id
    LEFT JOIN inventory_stockmovement AS moved ON moved.key = format('settlement:%s', settlement.id)
    WHERE settlement.moving <> coalesce(moved.quantity, 0)
    """,
    """
    SELECT format('Order %s: status är %s, men raderna ger %s.', number, state, expected)
    FROM (SELECT number, state,
                 CASE WHEN remaining > 0 AND delivered > 0 THEN 'PARTLY'
                      WHEN remaining > 0 THEN 'REGISTERED'
                      WHEN delivered = 0 THEN 'CANCELED'
                      WHEN type <> 'L' THEN 'DELIVERED'
                      WHEN awaits THEN 'IN_TRANSIT'
                      ELSE 'RECEIVED' END AS expected
          FROM done) AS judged
    WHERE state <> expected
    """,
    """
    SELECT format('Order %s: förturen är %s, men raderna ger %s.', number, precedence, highest)
    FROM (SELECT coalesce(number, 'Utkast ' || id) AS number, precedence, coalesce(highest, 0) AS highest
          FROM orders_order
          LEFT JOIN (SELECT order_id AS id, max(priority) AS highest FROM orders_orderline WHERE priority > 0
                     GROUP BY order_id) AS moved USING (id)) AS judged
    WHERE precedence <> highest
    """,
    """
    SELECT format('Order %s, rad %s: individ %s är reserverad men finns inte i lagret.',
                  line_of.number, position, device.number)
    FROM line_of
    JOIN inventory_device AS device ON device.id = line_of.device_id
    JOIN inventory_location AS place ON place.id = device.location_id
    WHERE line_of.reserved > 0 AND (place.kind <> 'WAREHOUSE' OR place.warehouse_id <> sender_id)
    """,
    """
    SELECT format('Nummerserie %s-%s: sista numret är %s, men %s order har nummer.',
                  letter, year, last, coalesce(orders, 0))
    FROM (SELECT type AS letter, year, last, type || to_char(year % 100, '"-"FM00"-"') AS beginning
          FROM orders_ordernumberseries) AS series
    LEFT JOIN (SELECT left(number, 5) AS beginning, count(*) AS orders FROM orders_order GROUP BY 1) AS taken
        USING (beginning)
    WHERE last <> coalesce(orders, 0)
    """,
]


def differences() -> list[str]:
    """A sentence for each thing that differs, in Swedish and sorted; empty when everything agrees."""
    return reconciling.differences(CHECKS, VIEWS)
