"""Posting costs less where many post at once: books are held by a lock in memory, facts by fewer indexes.

Eight clerks who share one row lock make the server write down each time who holds it. An advisory lock is only counted:
who posts holds it shared, who closes a month holds it alone; the settings are read after it, so they are those of now.
"""

from django.db import migrations, models

from apps.inventory.guards import BOOKS, OPEN_BOOKS
from tenants.db.operations import SchemaSQL

# As in 0004, but for the settings' lock.
HOLD = """
CREATE OR REPLACE FUNCTION "{schema}".inventory_hold(
    items bigint[], warehouses bigint[], lots bigint[], all_of_it boolean, on_day date, moves integer,
    OUT method text, OUT scope text, OUT closed date, OUT special text,
    OUT levels text, OUT balances text, OUT groups text, OUT ids bigint[])
LANGUAGE plpgsql SET search_path = "{schema}" SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    found bigint;
    latest date;
    group_items bigint[];
    group_warehouses bigint[];
    by_lot boolean;
BEGIN
    IF moves IS NOT NULL THEN
        PERFORM :books;
        SELECT s.default_method, s.default_scope, s.closed_through INTO method, scope, closed
          FROM inventory_stocksettings s WHERE s.id = 1;
        IF method IS NULL THEN
            RETURN;
        END IF;
        SELECT json_agg(json_build_array(i.item_id, i.method, i.scope)) INTO special
          FROM inventory_itemsettings i WHERE i.item_id = ANY(items);
    END IF;
    LOOP
        WITH held AS (
            SELECT l.id, l.item_id, l.warehouse_id, l.quantity, l.reserved, l.last_on
              FROM inventory_level l JOIN unnest(items, warehouses) AS w(item_id, warehouse_id) USING (item_id, warehouse_id)
             ORDER BY l.item_id, l.warehouse_id FOR UPDATE OF l)
        SELECT json_agg(json_build_array(id, item_id, warehouse_id, quantity, reserved, last_on)), count(*), max(last_on)
          INTO levels, found, latest FROM held;
        EXIT WHEN found = cardinality(items);
        INSERT INTO inventory_level (item_id, warehouse_id, quantity, reserved)
        SELECT item_id, warehouse_id, 0, 0 FROM unnest(items, warehouses) AS w(item_id, warehouse_id)
         ORDER BY item_id, warehouse_id ON CONFLICT DO NOTHING;
    END LOOP;
    SELECT json_agg(json_build_array(
               b.id, b.item_id, b.warehouse_id, b.location_id, b.lot_id, b.quantity, b.first_on, b.last_on,
               l.code, l.kind, l.state, l.expires_on)
               ORDER BY b.item_id, b.warehouse_id, b.location_id NULLS FIRST, b.id)
      INTO balances
      FROM inventory_balance b JOIN unnest(items, warehouses) AS w(item_id, warehouse_id) USING (item_id, warehouse_id)
      LEFT JOIN inventory_lot l ON l.id = b.lot_id
     WHERE b.lot_id = ANY(lots) OR b.lot_id IS NULL OR (b.quantity > 0 AND all_of_it);
    IF moves IS NULL OR latest > greatest(on_day, closed + 1) THEN
        RETURN;
    END IF;
    -- The same as `Opening.method_of`, which has the last word: what is not found here is locked by the service.
    SELECT array_agg(w.item_id), bool_or(m.method = 'specific'),
           array_agg(CASE WHEN m.method <> 'monthly_average'
                           AND coalesce(nullif(i.scope, ''), inventory_hold.scope) = 'warehouse' THEN w.warehouse_id END)
      INTO group_items, by_lot, group_warehouses
      FROM unnest(items, warehouses) AS w(item_id, warehouse_id)
      LEFT JOIN inventory_itemsettings i USING (item_id)
     CROSS JOIN LATERAL (SELECT coalesce(nullif(i.method, ''), inventory_hold.method) AS method) m;
    IF NOT by_lot THEN
        WITH held AS (
            SELECT g.id, g.item_id, g.warehouse_id, g.method, g.quantity, g.value, g.last_on
              FROM inventory_costgroup g
             WHERE g.lot_id IS NULL AND g.item_id = ANY(group_items)
               AND EXISTS (SELECT 1 FROM unnest(group_items, group_warehouses) AS w(item_id, warehouse_id)
                            WHERE w.item_id = g.item_id AND w.warehouse_id IS NOT DISTINCT FROM g.warehouse_id)
             ORDER BY g.id FOR UPDATE OF g)
        SELECT json_agg(json_build_array(h.id, h.item_id, h.warehouse_id, h.method, h.quantity, h.value, h.last_on))
          INTO groups FROM held h;
        ids := nextval('"{schema}".inventory_stockdocument_id_seq')
            || ARRAY(SELECT nextval('"{schema}".inventory_stockmove_id_seq') FROM generate_series(1, moves));
    END IF;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0004_held_in_one_call"),
        ("masterdata", "0003_number_inside"),
    ]

    operations = [
        SchemaSQL([*BOOKS, HOLD.replace(":books", OPEN_BOOKS)]),
        migrations.RemoveConstraint(
            model_name="stockdocument",
            name="stock_document_reversed_once",
        ),
        migrations.RemoveConstraint(
            model_name="stockdocument",
            name="stock_document_idem_once",
        ),
        migrations.RemoveConstraint(
            model_name="stockmove",
            name="stock_move_reversed_once",
        ),
        migrations.AddConstraint(
            model_name="stockdocument",
            constraint=models.UniqueConstraint(
                condition=models.Q(("reverses__isnull", False)),
                fields=("reverses",),
                name="stock_document_reversed_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="stockdocument",
            constraint=models.UniqueConstraint(
                condition=models.Q(("idem__isnull", False)), fields=("idem",), name="stock_document_idem_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="stockmove",
            constraint=models.UniqueConstraint(
                condition=models.Q(("reverses__isnull", False)), fields=("reverses",), name="stock_move_reversed_once"
            ),
        ),
    ]
