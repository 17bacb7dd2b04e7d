"""What the database itself refuses on the shop floor, whoever asks.

A changed report, move, rate or wage line; an undo that is not the negative of its report; a step of life that does not
exist; a change of an ended order; a wage line in a settled month. Statements of migration 0020: they are not touched
once a release carries them.
"""

from tenants.db.operations import AppendOnly, SchemaSQL

WRITTEN_ONCE = (
    "production_report",
    "production_workordermove",
    "production_piecerate",
    "production_wageline",
    "production_wagesettlement",
)

_ORDER = """
CREATE FUNCTION "{schema}".production_order_guard()
RETURNS trigger LANGUAGE plpgsql SET search_path = "{schema}" AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'work order % is history', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.state IN ('closed', 'cancelled') THEN
        RAISE EXCEPTION 'work order % is over', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.number <> OLD.number OR NEW.item_id <> OLD.item_id THEN
        RAISE EXCEPTION 'work order % stays what it is', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state <> OLD.state AND OLD.state || '>' || NEW.state NOT IN (
            'draft>released', 'draft>cancelled',
            'released>started', 'released>on_hold', 'released>completed', 'released>closed', 'released>cancelled',
            'started>on_hold', 'started>completed', 'started>closed', 'started>cancelled',
            'on_hold>released', 'on_hold>started', 'on_hold>closed', 'on_hold>cancelled',
            'completed>closed') THEN
        RAISE EXCEPTION 'work order %: % to % is no step', OLD.id, OLD.state, NEW.state
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$
"""
_PART = """
CREATE FUNCTION "{schema}".production_order_part_guard()
RETURNS trigger LANGUAGE plpgsql SET search_path = "{schema}" AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM production_workorder WHERE id = OLD.order_id AND state <> 'draft') THEN
        RAISE EXCEPTION 'work order % was released: its lines stay', OLD.order_id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN OLD;
END $$
"""
_REPORT = """
CREATE FUNCTION "{schema}".production_report_guard()
RETURNS trigger LANGUAGE plpgsql SET search_path = "{schema}" AS $$
DECLARE
    undone production_report%ROWTYPE;
BEGIN
    IF NOT EXISTS (SELECT 1 FROM production_workorderstep WHERE id = NEW.step_id AND order_id = NEW.order_id) THEN
        RAISE EXCEPTION 'the step is another order''s' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.undoes_id IS NULL THEN
        RETURN NEW;
    END IF;
    SELECT * INTO undone FROM production_report WHERE id = NEW.undoes_id;
    IF undone.undoes_id IS NOT NULL OR undone.step_id <> NEW.step_id OR undone.reported_on <> NEW.reported_on
            OR undone.good <> -NEW.good OR undone.scrap <> -NEW.scrap OR undone.rework <> -NEW.rework THEN
        RAISE EXCEPTION 'an undo is the negative of report %', NEW.undoes_id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$
"""
_WAGE = """
CREATE FUNCTION "{schema}".production_wage_guard()
RETURNS trigger LANGUAGE plpgsql SET search_path = "{schema}" AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM production_wagesettlement WHERE month = to_char(NEW.paid_on, 'YYYY-MM')) THEN
        RAISE EXCEPTION 'wages of % are settled', to_char(NEW.paid_on, 'YYYY-MM')
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'wage_month_is_open';
    END IF;
    RETURN NEW;
END $$
"""


def _trigger(name: str, table: str, when: str, function: str) -> str:
    return (
        f'CREATE TRIGGER {name} {when} ON "{{schema}}".{table} FOR EACH ROW EXECUTE FUNCTION "{{schema}}".{function}()'
    )


_STATEMENTS = [
    "SET LOCAL citus.enable_unsafe_triggers = on",
    _ORDER,
    _PART,
    _REPORT,
    _WAGE,
    _trigger("work_order_life", "production_workorder", "BEFORE UPDATE OR DELETE", "production_order_guard"),
    _trigger("work_order_step_stays", "production_workorderstep", "BEFORE DELETE", "production_order_part_guard"),
    _trigger("material_stays", "production_workordermaterial", "BEFORE DELETE", "production_order_part_guard"),
    _trigger("report_is_right", "production_report", "BEFORE INSERT", "production_report_guard"),
    _trigger("wage_month_open", "production_wageline", "BEFORE INSERT", "production_wage_guard"),
    *(_trigger(f"{table}_once", table, "BEFORE UPDATE OR DELETE", "refuse_change") for table in WRITTEN_ONCE),
]
_REVERSE = [
    *(f'DROP TRIGGER {table}_once ON "{{schema}}".{table}' for table in WRITTEN_ONCE),
    *(
        f'DROP FUNCTION "{{schema}}".production_{name}_guard() CASCADE'
        for name in ("order", "order_part", "report", "wage")
    ),
]

GUARDS = [*(AppendOnly(table) for table in WRITTEN_ONCE), SchemaSQL(_STATEMENTS, _REVERSE)]
