"""What the database itself refuses, whoever asks: a changed posting, a moved closed month, a month out of turn.

Statements of migration 0001: they are not touched once a release carries them.
"""

from tenants.db.operations import AppendOnly, SchemaSQL

WRITTEN_ONCE = (
    "inventory_stockmove",
    "inventory_costentry",
    "inventory_valueevent",
    "inventory_lotlink",
    "inventory_period",
    "inventory_periodbalance",
    "inventory_periodcost",
)

# A draft is a person's paper; what is posted is history.
_DOCUMENT_GUARD = """
CREATE FUNCTION "{schema}".inventory_document_guard()
RETURNS trigger LANGUAGE plpgsql SET search_path = "{schema}" AS $$
BEGIN
    IF OLD.state = 'posted' THEN
        RAISE EXCEPTION 'stock document % is posted and final', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$
"""
_LINE_GUARD = """
CREATE FUNCTION "{schema}".inventory_line_guard()
RETURNS trigger LANGUAGE plpgsql SET search_path = "{schema}" AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM inventory_stockdocument WHERE id = OLD.document_id AND state = 'posted') THEN
        RAISE EXCEPTION 'lines of stock document % are final', OLD.document_id USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$
"""
# Statement level: one look at the settings for a document of 200 lines or 100 000 deltas.
_OPEN_MONTH_GUARD = """
CREATE FUNCTION "{schema}".inventory_open_month_guard()
RETURNS trigger LANGUAGE plpgsql SET search_path = "{schema}" AS $$
DECLARE
    earliest date;
    closed date;
BEGIN
    IF TG_TABLE_NAME = 'inventory_stockmove' THEN
        SELECT min(moved_on) INTO earliest FROM written;
    ELSE
        SELECT min(dated_on) INTO earliest FROM written;
    END IF;
    SELECT closed_through INTO closed FROM inventory_stocksettings FOR SHARE;
    IF earliest <= closed THEN
        RAISE EXCEPTION '% is in a closed month', earliest
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'stock_month_is_open';
    END IF;
    RETURN NULL;
END $$
"""
# What a foreign key would check row by row. Nothing an entry points to is ever deleted.
_ENTRY_GUARD = """
CREATE FUNCTION "{schema}".inventory_entry_guard()
RETURNS trigger LANGUAGE plpgsql SET search_path = "{schema}" AS $$
DECLARE
    moves bigint[];
    groups bigint[];
    causes bigint[];
    events bigint[];
BEGIN
    SELECT array_agg(DISTINCT move_id) FILTER (WHERE move_id IS NOT NULL), array_agg(DISTINCT group_id),
           array_agg(DISTINCT cause_id) FILTER (WHERE cause_id IS NOT NULL),
           array_agg(DISTINCT event_id) FILTER (WHERE event_id IS NOT NULL)
      INTO moves, groups, causes, events FROM written;
    IF coalesce(cardinality(moves), 0) <> (SELECT count(*) FROM inventory_stockmove WHERE id = ANY(moves))
            OR coalesce(cardinality(groups), 0) <> (SELECT count(*) FROM inventory_costgroup WHERE id = ANY(groups))
            OR coalesce(cardinality(causes), 0) <> (SELECT count(*) FROM inventory_stockdocument WHERE id = ANY(causes))
            OR coalesce(cardinality(events), 0) <> (SELECT count(*) FROM inventory_valueevent WHERE id = ANY(events))
    THEN
        RAISE EXCEPTION 'a cost entry points to nothing' USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END $$
"""
# Migration 0004: the same, and one plain question for what a document of some lines writes.
FEW_ENTRIES = """
    IF (SELECT count(*) FROM written) <= 50 THEN
        IF EXISTS (
            SELECT 1 FROM written w
              LEFT JOIN inventory_stockmove m ON m.id = w.move_id
              LEFT JOIN inventory_costgroup g ON g.id = w.group_id
              LEFT JOIN inventory_stockdocument d ON d.id = w.cause_id
              LEFT JOIN inventory_valueevent e ON e.id = w.event_id
             WHERE (w.move_id IS NOT NULL AND m.id IS NULL) OR g.id IS NULL
                OR (w.cause_id IS NOT NULL AND d.id IS NULL) OR (w.event_id IS NOT NULL AND e.id IS NULL))
        THEN
            RAISE EXCEPTION 'a cost entry points to nothing' USING ERRCODE = 'foreign_key_violation';
        END IF;
        RETURN NULL;
    END IF;
"""
ENTRY_GUARD = _ENTRY_GUARD.replace("CREATE", "CREATE OR REPLACE", 1).replace("BEGIN\n", f"BEGIN{FEW_ENTRIES}", 1)
# Migration 0005: who posts holds the books open, who closes a month or changes the settings holds them alone. The
# settings are read after the lock, by a statement of its own, and so as the last one who held them left them.
OPEN_BOOKS = "pg_advisory_xact_lock_shared(hashtextextended('{schema} inventory books', 0))"
_HOLD_ALONE = """
CREATE FUNCTION "{schema}".inventory_close_books() RETURNS void LANGUAGE sql
AS $$ SELECT pg_advisory_xact_lock(hashtextextended('{schema} inventory books', 0)) $$
"""
_SETTINGS_OPEN = """
CREATE FUNCTION "{schema}".inventory_settings_opened(items bigint[])
RETURNS TABLE (method text, scope text, closed date, item bigint, own_method text, own_scope text)
LANGUAGE plpgsql SET search_path = "{schema}" AS $$
BEGIN
    PERFORM :books;
    RETURN QUERY
    SELECT s.default_method::text, s.default_scope::text, s.closed_through, i.item_id, i.method::text, i.scope::text
      FROM inventory_stocksettings s LEFT JOIN inventory_itemsettings i ON i.item_id = ANY(items) WHERE s.id = 1;
END $$
""".replace(":books", OPEN_BOOKS)
_MONTH_IS_OPEN = """
    PERFORM :books;
    SELECT closed_through INTO closed FROM inventory_stocksettings;
    IF earliest <= closed THEN
        RAISE EXCEPTION '% is in a closed month', earliest
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'stock_month_is_open';
    END IF;
""".replace(":books", OPEN_BOOKS)
_MOVES_GUARD = """
CREATE OR REPLACE FUNCTION "{schema}".inventory_open_month_guard()
RETURNS trigger LANGUAGE plpgsql SET search_path = "{schema}" AS $$
DECLARE
    earliest date;
    closed date;
BEGIN
    SELECT min(moved_on) INTO earliest FROM written;
:check
    RETURN NULL;
END $$
""".replace(":check", _MONTH_IS_OPEN)
# Both questions that an entry is asked, in one trigger.
_ENTRIES_GUARD = (
    ENTRY_GUARD.replace("DECLARE\n", "DECLARE\n    earliest date;\n    closed date;\n", 1)
    .replace("BEGIN\n", "BEGIN\n    SELECT min(dated_on) INTO earliest FROM written;\n:check", 1)
    .replace(":check", _MONTH_IS_OPEN)
)
_PERIOD_GUARD = """
CREATE FUNCTION "{schema}".inventory_period_guard()
RETURNS trigger LANGUAGE plpgsql SET search_path = "{schema}" AS $$
DECLARE
    latest date;
BEGIN
    SELECT max(month) INTO latest FROM inventory_period;
    IF date_part('day', NEW.month) <> 1 OR NEW.month <> (latest + interval '1 month')::date THEN
        RAISE EXCEPTION 'months close in order' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$
"""
_SETTINGS_GUARD = """
CREATE FUNCTION "{schema}".inventory_settings_guard()
RETURNS trigger LANGUAGE plpgsql SET search_path = "{schema}" AS $$
BEGIN
    IF TG_OP = 'DELETE' OR NEW.closed_through < OLD.closed_through
            OR (OLD.closed_through IS NOT NULL AND NEW.closed_through IS NULL) THEN
        RAISE EXCEPTION 'a closed month stays closed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$
"""


def _trigger(name: str, table: str, when: str, function: str, *, level: str = "FOR EACH ROW") -> str:
    return f'CREATE TRIGGER {name} {when} ON "{{schema}}".{table} {level} EXECUTE FUNCTION "{{schema}}".{function}()'


_STATEMENTS = [
    _DOCUMENT_GUARD,
    _LINE_GUARD,
    _OPEN_MONTH_GUARD,
    _ENTRY_GUARD,
    _PERIOD_GUARD,
    _SETTINGS_GUARD,
    _trigger(
        "stock_document_final", "inventory_stockdocument", "BEFORE UPDATE OR DELETE", "inventory_document_guard"
    ),
    _trigger("stock_line_final", "inventory_stockdocumentline", "BEFORE UPDATE OR DELETE", "inventory_line_guard"),
    _trigger(
        "stock_move_month_open", "inventory_stockmove", "AFTER INSERT", "inventory_open_month_guard",
        level="REFERENCING NEW TABLE AS written FOR EACH STATEMENT",
    ),
    _trigger(
        "cost_entry_month_open", "inventory_costentry", "AFTER INSERT", "inventory_open_month_guard",
        level="REFERENCING NEW TABLE AS written FOR EACH STATEMENT",
    ),
    _trigger(
        "cost_entry_points_somewhere", "inventory_costentry", "AFTER INSERT", "inventory_entry_guard",
        level="REFERENCING NEW TABLE AS written FOR EACH STATEMENT",
    ),
    _trigger("stock_period_in_order", "inventory_period", "BEFORE INSERT", "inventory_period_guard"),
    _trigger(
        "stock_settings_forward", "inventory_stocksettings", "BEFORE UPDATE OR DELETE", "inventory_settings_guard"
    ),
    # The business day is that of Shanghai, and the moment of posting says which day it was.
    """ALTER TABLE "{schema}".inventory_stockmove ADD CONSTRAINT stock_move_not_in_future
       CHECK (moved_on <= (posted_at AT TIME ZONE 'Asia/Shanghai')::date)""",
    *(
        _trigger(f"{table.removeprefix('inventory_')}_written_once", table, "BEFORE UPDATE OR DELETE", "refuse_change")
        for table in WRITTEN_ONCE
    ),
]  # fmt: skip
_REVERSE = [
    'ALTER TABLE "{schema}".inventory_stockmove DROP CONSTRAINT stock_move_not_in_future',
    *(
        f'DROP FUNCTION "{{schema}}".inventory_{name}_guard() CASCADE'
        for name in ("document", "line", "open_month", "entry", "period", "settings")
    ),
    *(
        f'DROP TRIGGER {table.removeprefix("inventory_")}_written_once ON "{{schema}}".{table}'
        for table in WRITTEN_ONCE
    ),
]

BOOKS = [
    _HOLD_ALONE,
    _SETTINGS_OPEN,
    _MOVES_GUARD,
    _ENTRIES_GUARD,
    _SETTINGS_GUARD.replace("CREATE", "CREATE OR REPLACE", 1).replace(
        "BEGIN\n", "BEGIN\n    PERFORM inventory_close_books();\n", 1
    ),
    'DROP TRIGGER cost_entry_month_open ON "{schema}".inventory_costentry',
]

GUARDS = [*(AppendOnly(table) for table in WRITTEN_ONCE), SchemaSQL(_STATEMENTS, _REVERSE)]
