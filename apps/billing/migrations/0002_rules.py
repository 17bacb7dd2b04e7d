from django.db import migrations

from tenants.db.operations import AppendOnly, SchemaSQL

WRITTEN_ONCE = (
    "billing_ledgerentry",
    "billing_ledgerposting",
    "billing_subscriptionchange",
    "billing_balanceentry",
    "billing_paymentallocation",
    "billing_usagevoid",
    "billing_auditlog",
    "billing_dunningstep",
)

REFUSE = """
CREATE FUNCTION "{schema}".billing_refuse_change() RETURNS trigger LANGUAGE plpgsql SET search_path = "{schema}" AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are written once', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""

BALANCED = [
    """
    CREATE FUNCTION "{schema}".billing_entry_balances() RETURNS trigger LANGUAGE plpgsql SET search_path = "{schema}" AS $$
    DECLARE difference numeric;
    BEGIN
        SELECT sum(amount) INTO difference FROM "{schema}".billing_ledgerposting WHERE entry_id = NEW.entry_id;
        IF difference <> 0 THEN
            RAISE EXCEPTION 'entry % is out of balance by %', NEW.entry_id, difference USING ERRCODE = 'check_violation';
        END IF;
        RETURN NULL;
    END $$
    """,
    """
    CREATE CONSTRAINT TRIGGER billing_entry_balances AFTER INSERT ON "{schema}".billing_ledgerposting
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION "{schema}".billing_entry_balances()
    """,
]

INVOICE = [
    """
    CREATE FUNCTION "{schema}".billing_invoice_is_final() RETURNS trigger LANGUAGE plpgsql SET search_path = "{schema}" AS $$
    DECLARE moving text[] := ARRAY['state', 'paid', 'credited', 'credited_to_share', 'written_off', 'version',
                                   'failed_step', 'failed_reason'];
    BEGIN
        IF OLD.number IS NULL THEN
            RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
        END IF;
        IF TG_OP = 'DELETE' OR (to_jsonb(NEW) - moving) IS DISTINCT FROM (to_jsonb(OLD) - moving) THEN
            RAISE EXCEPTION 'invoice % is final', OLD.number USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER billing_invoice_is_final BEFORE UPDATE OR DELETE ON "{schema}".billing_invoice
    FOR EACH ROW EXECUTE FUNCTION "{schema}".billing_invoice_is_final()
    """,
    """
    CREATE FUNCTION "{schema}".billing_part_is_final() RETURNS trigger LANGUAGE plpgsql SET search_path = "{schema}" AS $$
    DECLARE known text; part bigint;
    BEGIN
        part := CASE WHEN TG_OP = 'INSERT' THEN NEW.invoice_id ELSE OLD.invoice_id END;
        SELECT number INTO known FROM "{schema}".billing_invoice WHERE id = part;
        IF known IS NOT NULL AND NOT (TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'billing_invoiceshare'
                AND (to_jsonb(NEW) - 'settled') = (to_jsonb(OLD) - 'settled')) THEN
            RAISE EXCEPTION 'invoice % is final', known USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END $$
    """,
    *(
        f"""
        CREATE TRIGGER {table}_is_final BEFORE INSERT OR UPDATE OR DELETE ON "{{schema}}".{table}
        FOR EACH ROW EXECUTE FUNCTION "{{schema}}".billing_part_is_final()
        """
        for table in ("billing_invoiceline", "billing_taxtotal", "billing_invoiceshare")
    ),
]

CATALOGUE = [
    """
    CREATE FUNCTION "{schema}".billing_plan_is_published() RETURNS trigger LANGUAGE plpgsql SET search_path = "{schema}" AS $$
    BEGIN
        IF OLD.state = 'draft' THEN
            RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
        END IF;
        IF TG_OP = 'DELETE' OR (to_jsonb(NEW) - 'state') IS DISTINCT FROM (to_jsonb(OLD) - 'state') THEN
            RAISE EXCEPTION 'plan % % is published', OLD.code, OLD.version USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER billing_plan_is_published BEFORE UPDATE OR DELETE ON "{schema}".billing_priceplan
    FOR EACH ROW EXECUTE FUNCTION "{schema}".billing_plan_is_published()
    """,
    """
    CREATE FUNCTION "{schema}".billing_price_is_published() RETURNS trigger LANGUAGE plpgsql SET search_path = "{schema}" AS $$
    DECLARE known text;
    BEGIN
        SELECT state INTO known FROM "{schema}".billing_priceplan
        WHERE id = CASE WHEN TG_OP = 'INSERT' THEN NEW.plan_id ELSE OLD.plan_id END;
        IF known <> 'draft' THEN
            RAISE EXCEPTION 'prices of a published plan never change' USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END $$
    """,
    """
    CREATE TRIGGER billing_price_is_published BEFORE INSERT OR UPDATE OR DELETE ON "{schema}".billing_price
    FOR EACH ROW EXECUTE FUNCTION "{schema}".billing_price_is_published()
    """,
]

HISTORY = [
    "CREATE EXTENSION IF NOT EXISTS btree_gist",
    """
    ALTER TABLE "{schema}".billing_subscriptionitem ADD CONSTRAINT subscription_item_never_overlaps
    EXCLUDE USING gist (subscription_id WITH =, item WITH =, daterange(valid_from, valid_to) WITH &&)
    """,
    """
    CREATE FUNCTION "{schema}".billing_only_closes() RETURNS trigger LANGUAGE plpgsql SET search_path = "{schema}" AS $$
    BEGIN
        IF OLD.valid_to IS NOT NULL OR (to_jsonb(NEW) - 'valid_to') <> (to_jsonb(OLD) - 'valid_to') THEN
            RAISE EXCEPTION 'history is closed, never edited' USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER billing_only_closes BEFORE UPDATE ON "{schema}".billing_subscriptionitem
    FOR EACH ROW EXECUTE FUNCTION "{schema}".billing_only_closes()
    """,
    """
    CREATE FUNCTION "{schema}".billing_only_taken() RETURNS trigger LANGUAGE plpgsql SET search_path = "{schema}" AS $$
    BEGIN
        IF (to_jsonb(NEW) - 'taken_by_id') <> (to_jsonb(OLD) - 'taken_by_id') THEN
            RAISE EXCEPTION 'a billed line never changes' USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER billing_only_taken BEFORE UPDATE ON "{schema}".billing_pendingline
    FOR EACH ROW EXECUTE FUNCTION "{schema}".billing_only_taken()
    """,
]

EVENTS = [
    """
    CREATE TABLE "{schema}".billing_usageevent (
        id bigint GENERATED ALWAYS AS IDENTITY,
        tenant_id bigint NOT NULL,
        transaction_id varchar(120) NOT NULL,
        meter varchar(60) NOT NULL,
        value numeric(18, 6),
        occurred_at timestamptz NOT NULL,
        local_day date NOT NULL,
        received_at timestamptz NOT NULL,
        properties jsonb NOT NULL DEFAULT '{}',
        PRIMARY KEY (id, occurred_at)
    ) PARTITION BY RANGE (occurred_at)
    """,
    """
    CREATE INDEX billing_usageevent_day ON "{schema}".billing_usageevent (tenant_id, meter, local_day)
    """,
    """
    CREATE INDEX billing_usageevent_identity ON "{schema}".billing_usageevent (tenant_id, transaction_id)
    """,
    """
    CREATE FUNCTION "{schema}".billing_make_usage_month(month date) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = "{schema}" AS $$
    DECLARE name text := 'billing_usageevent_' || to_char(month, 'YYYYMM');
    BEGIN
        PERFORM pg_advisory_xact_lock(7203);
        IF to_regclass(format('"{schema}".%I', name)) IS NOT NULL THEN
            RETURN false;
        END IF;
        EXECUTE format('CREATE TABLE "{schema}".%I PARTITION OF "{schema}".billing_usageevent FOR VALUES FROM (%L) TO (%L)',
            name, date_trunc('month', month)::timestamp AT TIME ZONE 'UTC',
            (date_trunc('month', month) + interval '1 month')::timestamp AT TIME ZONE 'UTC');
        RETURN true;
    END $$
    """,
    'REVOKE ALL ON FUNCTION "{schema}".billing_make_usage_month(date) FROM PUBLIC',
    'GRANT EXECUTE ON FUNCTION "{schema}".billing_make_usage_month(date) TO "{role}"',
]


class Migration(migrations.Migration):
    dependencies = [("billing", "0001_initial")]

    operations = [
        SchemaSQL(EVENTS, ['DROP TABLE "{schema}".billing_usageevent CASCADE']),
        AppendOnly("billing_usageevent"),
        *(AppendOnly(table) for table in WRITTEN_ONCE),
        SchemaSQL(
            [
                REFUSE,
                *(
                    f"""
                    CREATE TRIGGER {table}_written_once BEFORE UPDATE OR DELETE ON "{{schema}}".{table}
                    FOR EACH ROW EXECUTE FUNCTION "{{schema}}".billing_refuse_change()
                    """
                    for table in ("billing_usageevent", *WRITTEN_ONCE)
                ),
                *BALANCED,
                *INVOICE,
                *CATALOGUE,
                *HISTORY,
            ],
            ['DROP FUNCTION "{schema}".billing_refuse_change() CASCADE'],
        ),
    ]
