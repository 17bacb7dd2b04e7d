"""What the database itself refuses: an unbalanced, changed, deleted or smuggled-in posted voucher; a closed month that moves."""

from django.db import migrations

from tenants.db.operations import AppendOnly, SchemaSQL

WRITTEN_ONCE = ("finance_auxcombo", "finance_auxcombomember", "finance_reclassification", "finance_taxpayerkind")
NEVER_DELETED = (
    "finance_book",
    "finance_chainhead",
    "finance_numbercounter",
    "finance_period",
    "finance_periodbalance",
    "finance_cashflowbalance",
)

VOUCHER_GUARD = """
CREATE FUNCTION "{schema}".finance_voucher_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = "{schema}" AS $$
DECLARE
    may_change text[];
    spot record;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'draft' THEN
            RAISE EXCEPTION 'a voucher begins as a draft' USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.state = 'posted' THEN
        RAISE EXCEPTION 'voucher % is posted and final', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    IF OLD.state = 'draft' AND NEW.state = 'draft' THEN
        RETURN NEW;
    END IF;
    CASE OLD.state || '>' || NEW.state
        WHEN 'draft>reviewed', 'reviewed>draft' THEN
            may_change := '{state,version,reviewed_by_id,reviewed_by_name,reviewed_at}';
        WHEN 'reviewed>reviewed' THEN
            may_change := '{version,cashier_signed_by_id,cashier_signed_by_name,cashier_signed_at}';
        WHEN 'reviewed>posted' THEN
            may_change := '{state,version,no,chain_no,previous_hash,hash,posted_by_id,posted_by_name,posted_at}';
        ELSE
            RAISE EXCEPTION 'voucher %: % to % is no step', OLD.id, OLD.state, NEW.state
                USING ERRCODE = 'restrict_violation';
    END CASE;
    IF (to_jsonb(NEW) - may_change) IS DISTINCT FROM (to_jsonb(OLD) - may_change) THEN
        RAISE EXCEPTION 'voucher % was reviewed and may not change', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state = 'posted' THEN
        SELECT p.state, p.year, p.month INTO spot FROM finance_period p WHERE p.id = NEW.period_id FOR SHARE;
        IF spot.state <> 'open' OR date_part('year', NEW.date) <> spot.year
                OR date_part('month', NEW.date) <> spot.month THEN
            RAISE EXCEPTION 'voucher %: its period is closed or another', OLD.id USING ERRCODE = 'restrict_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$
"""

LINE_GUARD = """
CREATE FUNCTION "{schema}".finance_line_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = "{schema}" AS $$
DECLARE
    head record;
BEGIN
    IF TG_OP <> 'INSERT' THEN
        SELECT state, date INTO head FROM finance_voucher WHERE id = OLD.voucher_id FOR SHARE;
        IF head.state <> 'draft' THEN
            RAISE EXCEPTION 'lines of voucher % are final', OLD.voucher_id USING ERRCODE = 'restrict_violation';
        END IF;
        IF TG_OP = 'DELETE' THEN
            RETURN OLD;
        END IF;
    END IF;
    SELECT state, date INTO head FROM finance_voucher WHERE id = NEW.voucher_id FOR SHARE;
    IF head.state <> 'draft' OR head.date <> NEW.date THEN
        RAISE EXCEPTION 'lines of voucher % are final, or of another date', NEW.voucher_id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$
"""

BALANCED = """
CREATE FUNCTION "{schema}".finance_voucher_balanced() RETURNS trigger LANGUAGE plpgsql SET search_path = "{schema}" AS $$
DECLARE
    sums record;
BEGIN
    SELECT count(*) AS n, coalesce(sum(debit), 0) AS debit, coalesce(sum(credit), 0) AS credit,
           count(*) FILTER (WHERE date <> NEW.date) AS strangers
      INTO sums FROM finance_voucherline WHERE voucher_id = NEW.id;
    IF sums.n < 2 OR sums.debit <> sums.credit OR sums.debit <> NEW.total OR sums.strangers > 0 THEN
        RAISE EXCEPTION 'voucher % is not balanced', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'finance_voucher_balanced';
    END IF;
    RETURN NULL;
END $$
"""

TAG_GUARD = """
CREATE FUNCTION "{schema}".finance_tag_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = "{schema}" AS $$
DECLARE
    spot record;
BEGIN
    SELECT v.state AS voucher, p.state AS period INTO spot
      FROM finance_voucherline l JOIN finance_voucher v ON v.id = l.voucher_id JOIN finance_period p ON p.id = v.period_id
     WHERE l.id = OLD.voucher_line_id;
    IF spot.voucher = 'posted' AND (TG_OP = 'DELETE' OR spot.period = 'closed') THEN
        RAISE EXCEPTION 'the cash flow of line % is final', OLD.voucher_line_id USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    IF NEW.voucher_line_id <> OLD.voucher_line_id THEN
        RAISE EXCEPTION 'a tag stays with its line' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$
"""

PERIOD_GUARD = """
CREATE FUNCTION "{schema}".finance_period_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = "{schema}" AS $$
BEGIN
    IF NEW.index <> OLD.index THEN
        RAISE EXCEPTION 'a period stays its month' USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.state = 'open' AND NEW.state = 'closed'
            AND EXISTS (SELECT 1 FROM finance_period WHERE index < NEW.index AND state = 'open') THEN
        RAISE EXCEPTION 'periods close in order' USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.state = 'closed' AND NEW.state = 'open'
            AND EXISTS (SELECT 1 FROM finance_period WHERE index > NEW.index AND state = 'closed') THEN
        RAISE EXCEPTION 'the last closed period is reopened first' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$
"""

TAXPAYER_GUARD = """
CREATE FUNCTION "{schema}".finance_taxpayer_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = "{schema}" AS $$
BEGIN
    IF NEW.kind = 'small_scale'
            AND EXISTS (SELECT 1 FROM finance_taxpayerkind WHERE kind = 'general' AND from_date < NEW.from_date) THEN
        RAISE EXCEPTION 'a general taxpayer stays one' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$
"""

TRIGGERS = (
    """CREATE TRIGGER finance_voucher_guard BEFORE INSERT OR UPDATE OR DELETE ON "{schema}".finance_voucher
    FOR EACH ROW EXECUTE FUNCTION "{schema}".finance_voucher_guard()""",
    """CREATE TRIGGER finance_line_guard BEFORE INSERT OR UPDATE OR DELETE ON "{schema}".finance_voucherline
    FOR EACH ROW EXECUTE FUNCTION "{schema}".finance_line_guard()""",
    """CREATE CONSTRAINT TRIGGER finance_voucher_balanced AFTER UPDATE ON "{schema}".finance_voucher
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.state = 'posted')
    EXECUTE FUNCTION "{schema}".finance_voucher_balanced()""",
    """CREATE TRIGGER finance_tag_guard BEFORE UPDATE OR DELETE ON "{schema}".finance_cashflowtag
    FOR EACH ROW EXECUTE FUNCTION "{schema}".finance_tag_guard()""",
    """CREATE TRIGGER finance_period_guard BEFORE UPDATE ON "{schema}".finance_period
    FOR EACH ROW EXECUTE FUNCTION "{schema}".finance_period_guard()""",
    """CREATE TRIGGER finance_taxpayer_guard BEFORE INSERT ON "{schema}".finance_taxpayerkind
    FOR EACH ROW EXECUTE FUNCTION "{schema}".finance_taxpayer_guard()""",
)
ONCE_TRIGGERS = tuple(
    f"""CREATE TRIGGER {table}_once BEFORE UPDATE OR DELETE ON "{{schema}}".{table}
    FOR EACH ROW EXECUTE FUNCTION "{{schema}}".refuse_change()"""
    for table in WRITTEN_ONCE
)
REVERSE = [
    *(f'DROP TRIGGER {table}_once ON "{{schema}}".{table}' for table in WRITTEN_ONCE),
    'DROP TRIGGER finance_taxpayer_guard ON "{schema}".finance_taxpayerkind',
    'DROP TRIGGER finance_period_guard ON "{schema}".finance_period',
    'DROP TRIGGER finance_tag_guard ON "{schema}".finance_cashflowtag',
    'DROP TRIGGER finance_voucher_balanced ON "{schema}".finance_voucher',
    'DROP TRIGGER finance_line_guard ON "{schema}".finance_voucherline',
    'DROP TRIGGER finance_voucher_guard ON "{schema}".finance_voucher',
    *(
        f'DROP FUNCTION "{{schema}}".finance_{name}()'
        for name in ("taxpayer_guard", "period_guard", "tag_guard", "voucher_balanced", "line_guard", "voucher_guard")
    ),
]


class Migration(migrations.Migration):
    dependencies = [("finance", "0001_initial"), ("kernel", "0002_written_once")]

    operations = [
        *(AppendOnly(table) for table in WRITTEN_ONCE),
        *(AppendOnly(table, keep="UPDATE") for table in NEVER_DELETED),
        AppendOnly("finance_voucherline", keep="DELETE"),
        SchemaSQL(
            [
                "SET LOCAL citus.enable_unsafe_triggers = on",
                VOUCHER_GUARD,
                LINE_GUARD,
                BALANCED,
                TAG_GUARD,
                PERIOD_GUARD,
                TAXPAYER_GUARD,
                *TRIGGERS,
                *ONCE_TRIGGERS,
            ],
            reverse=REVERSE,
        ),
    ]
