"""The proof of stock: balances against moves, values against entries. `doctor` asks it nightly."""

from django.db import connection

_BALANCES = """
SELECT count(*) FROM (
    SELECT item_id, warehouse_id, location_id, lot_id, sum(quantity) AS quantity
      FROM inventory_stockmove GROUP BY 1, 2, 3, 4
) m FULL JOIN (SELECT * FROM inventory_balance WHERE quantity <> 0) b
  ON b.item_id = m.item_id AND b.warehouse_id = m.warehouse_id AND b.location_id IS NOT DISTINCT FROM m.location_id
 AND b.lot_id IS NOT DISTINCT FROM m.lot_id
WHERE coalesce(m.quantity, 0) <> coalesce(b.quantity, 0)
"""
_LEVELS = """
SELECT count(*) FROM (SELECT item_id, warehouse_id, sum(quantity) AS quantity FROM inventory_balance GROUP BY 1, 2) b
  FULL JOIN inventory_level l USING (item_id, warehouse_id)
 WHERE coalesce(b.quantity, 0) <> coalesce(l.quantity, 0)
"""
_RESERVED = """
SELECT count(*) FROM (
    SELECT item_id, warehouse_id, sum(quantity - used) AS open
      FROM inventory_reservation WHERE state = 'active' GROUP BY 1, 2
) r FULL JOIN inventory_level l USING (item_id, warehouse_id)
WHERE coalesce(r.open, 0) <> coalesce(l.reserved, 0)
"""
_SNAPSHOTS = """
SELECT count(*) FROM (
    SELECT p.id, m.item_id, m.warehouse_id, m.location_id, m.lot_id, sum(m.quantity) AS quantity
      FROM inventory_period p JOIN inventory_stockmove m ON m.moved_on < p.month + interval '1 month'
     WHERE p.month = (SELECT max(month) FROM inventory_period) GROUP BY 1, 2, 3, 4, 5 HAVING sum(m.quantity) <> 0
) m FULL JOIN (SELECT b.* FROM inventory_periodbalance b JOIN inventory_period p ON p.id = b.period_id
                WHERE p.month = (SELECT max(month) FROM inventory_period)) b
  ON b.item_id = m.item_id AND b.warehouse_id = m.warehouse_id AND b.location_id IS NOT DISTINCT FROM m.location_id
 AND b.lot_id IS NOT DISTINCT FROM m.lot_id
WHERE m.quantity IS DISTINCT FROM b.quantity
"""
# A monthly average that waits for its close has no entries for its issues yet.
_VALUES = """
SELECT count(*) FROM inventory_costgroup g
  LEFT JOIN (SELECT group_id, sum(amount) AS value FROM inventory_costentry WHERE kind <> 'late' GROUP BY 1) e
         ON e.group_id = g.id
 WHERE g.value <> coalesce(e.value, 0) AND NOT (g.method = 'monthly_average' AND EXISTS (
       SELECT 1 FROM inventory_stockmove m WHERE m.group_id = g.id
          AND m.moved_on > coalesce((SELECT closed_through FROM inventory_stocksettings), '0001-01-01')))
"""
_PERIOD_VALUES = """
SELECT count(*) FROM inventory_costgroup g
  LEFT JOIN inventory_periodcost c ON c.group_id = g.id
        AND c.period_id = (SELECT id FROM inventory_period ORDER BY month DESC LIMIT 1)
  LEFT JOIN (SELECT e.group_id, sum(e.amount) AS value FROM inventory_costentry e
              WHERE e.kind <> 'late' AND e.dated_on <= (SELECT closed_through FROM inventory_stocksettings)
              GROUP BY 1) e ON e.group_id = g.id
 WHERE (SELECT closed_through FROM inventory_stocksettings) IS NOT NULL
   AND coalesce(c.value, 0) <> coalesce(e.value, 0)
"""
_LAYERS = """
SELECT count(*) FROM inventory_costgroup g
  LEFT JOIN (SELECT group_id, sum(quantity) AS quantity, sum(value) AS value FROM inventory_costlayer GROUP BY 1) l
         ON l.group_id = g.id
 WHERE g.method = 'fifo' AND (g.quantity <> coalesce(l.quantity, 0) OR g.value <> coalesce(l.value, 0))
"""
_GROUPS = """
SELECT count(*) FROM inventory_costgroup g
  LEFT JOIN (SELECT group_id, sum(quantity) AS quantity FROM inventory_stockmove GROUP BY 1) m ON m.group_id = g.id
 WHERE g.quantity <> coalesce(m.quantity, 0)
"""
_PROOFS = (
    (_BALANCES, "balance rows are not the sum of their moves"),
    (_LEVELS, "levels are not the sum of their balances"),
    (_RESERVED, "levels keep something else than their reservations"),
    (_SNAPSHOTS, "rows of the last month's snapshot are not the sum of the moves before it"),
    (_GROUPS, "cost groups hold another quantity than their moves"),
    (_VALUES, "cost groups are worth something else than their entries"),
    (_PERIOD_VALUES, "groups of the last closed month are worth something else than their entries"),
    (_LAYERS, "groups of first in, first out differ from their layers"),
)


def broken_stock() -> list[str]:
    """What does not hold, as sentences; none when all is well."""
    found = []
    with connection.cursor() as cursor:
        for sql, sentence in _PROOFS:
            cursor.execute(sql)
            count = cursor.fetchone()[0]
            if count:
                found.append(f"{count} {sentence}")
    return found
