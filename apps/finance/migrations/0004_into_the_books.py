"""Posting in three calls, whose plans the session keeps: hold what is posted, read its lines, take it into the books.

Everybody who posts waits for the balances and the head of the chain until the commit, so all of that happens in the one
last call. None of them decides anything: the service checks in between, the triggers and constraints of the tables check
as ever. Locks in the house's order: period, voucher; balances sorted, head, counter.
"""

from django.db import migrations

from tenants.db.operations import SchemaSQL

HOLD = """
CREATE FUNCTION "{schema}".finance_hold_to_post(
    the_voucher bigint,
    OUT voucher "{schema}".finance_voucher, OUT month "{schema}".finance_period, OUT cashier_sign boolean, OUT reversed_hash text)
LANGUAGE plpgsql SET search_path = "{schema}" AS $$
BEGIN
    SELECT p.* INTO month FROM finance_period p JOIN finance_voucher v ON v.period_id = p.id
     WHERE v.id = the_voucher FOR SHARE OF p;
    SELECT v.* INTO voucher FROM finance_voucher v WHERE v.id = the_voucher FOR UPDATE;
    SELECT b.cashier_sign INTO cashier_sign FROM finance_book b WHERE b.state = 'started';
    IF voucher.reverses_id IS NOT NULL THEN
        SELECT v.hash INTO reversed_hash FROM finance_voucher v WHERE v.id = voucher.reverses_id;
    END IF;
END $$
"""

# KEY SHARE keeps the first child from being hung under one of these accounts until we are done.
LINES = """
CREATE FUNCTION "{schema}".finance_lines_to_post(the_voucher bigint)
RETURNS TABLE (name text, is_leaf boolean, is_active boolean, cash_kind text, tag smallint,
               seq smallint, summary text, account text, aux text, debit numeric, credit numeric, currency text,
               fc_amount numeric, rate numeric, quantity numeric, unit_price numeric, due_on date, ref text)
LANGUAGE plpgsql ROWS 10 SET search_path = "{schema}" AS $$
BEGIN
    RETURN QUERY
    SELECT a.name::text, a.is_leaf, a.is_active, a.cash_kind::text, t.line, l.seq, l.summary::text, a.code::text,
           c.key::text, l.debit, l.credit, nullif(l.currency, '')::text, l.fc_amount, l.rate, l.quantity, l.unit_price,
           l.due_on, l.ref::text
      FROM finance_voucherline l JOIN finance_ledgeraccount a ON a.id = l.account_id
      JOIN finance_auxcombo c ON c.id = l.combo_id LEFT JOIN finance_cashflowtag t ON t.voucher_line_id = l.id
     WHERE l.voucher_id = the_voucher ORDER BY l.seq FOR KEY SHARE OF a;
END $$
"""

INTO_THE_BOOKS = """
CREATE FUNCTION "{schema}".finance_into_the_books(
    the_voucher bigint, cash_lines integer[], cash_amounts numeric[], text_before_no text, text_behind_no text,
    by_id bigint, by_name text, moment timestamptz,
    OUT no integer, OUT place bigint, OUT previous text, OUT digest text)
LANGUAGE plpgsql SET search_path = "{schema}" AS $$
DECLARE
    v record;
BEGIN
    SELECT w.period_id, w.word, w.kind = 'closing' AS closing INTO STRICT v FROM finance_voucher w WHERE w.id = the_voucher;
    INSERT INTO finance_periodbalance AS b (period_id, account_id, combo_id, currency, debit, credit, closing_debit,
            closing_credit, fc_debit, fc_credit, qty_in, qty_out, n)
        SELECT v.period_id, l.account_id, l.combo_id, l.currency, sum(l.debit), sum(l.credit),
               CASE WHEN v.closing THEN sum(l.debit) ELSE 0 END, CASE WHEN v.closing THEN sum(l.credit) ELSE 0 END,
               coalesce(sum(l.fc_amount) FILTER (WHERE l.debit <> 0), 0),
               coalesce(sum(l.fc_amount) FILTER (WHERE l.debit = 0), 0),
               coalesce(sum(l.quantity) FILTER (WHERE l.debit <> 0), 0),
               coalesce(sum(l.quantity) FILTER (WHERE l.debit = 0), 0), count(*)
          FROM finance_voucherline l WHERE l.voucher_id = the_voucher
         GROUP BY l.account_id, l.combo_id, l.currency ORDER BY l.account_id, l.combo_id, l.currency
        ON CONFLICT (period_id, account_id, combo_id, currency) DO UPDATE
            SET debit = b.debit + excluded.debit, credit = b.credit + excluded.credit,
                closing_debit = b.closing_debit + excluded.closing_debit,
                closing_credit = b.closing_credit + excluded.closing_credit,
                fc_debit = b.fc_debit + excluded.fc_debit, fc_credit = b.fc_credit + excluded.fc_credit,
                qty_in = b.qty_in + excluded.qty_in, qty_out = b.qty_out + excluded.qty_out, n = b.n + excluded.n;
    IF cardinality(cash_lines) > 0 THEN
        INSERT INTO finance_cashflowbalance AS f (period_id, line, amount)
            SELECT v.period_id, c.line, c.amount FROM unnest(cash_lines, cash_amounts) AS c(line, amount) ORDER BY c.line
            ON CONFLICT (period_id, line) DO UPDATE SET amount = f.amount + excluded.amount;
    END IF;
    SELECT h.hash, h.length + 1 INTO STRICT previous, place FROM finance_chainhead h FOR UPDATE;
    INSERT INTO finance_numbercounter AS c (period_id, word, last_no) VALUES (v.period_id, v.word, 1)
        ON CONFLICT (period_id, word) DO UPDATE SET last_no = c.last_no + 1 RETURNING c.last_no INTO no;
    digest := encode(sha256(convert_to(previous || text_before_no || no || text_behind_no, 'UTF8')), 'hex');
    UPDATE finance_voucher w
       SET no = finance_into_the_books.no, state = 'posted', posted_by_id = by_id, posted_by_name = by_name,
           posted_at = moment, previous_hash = previous, chain_no = place, hash = digest, version = w.version + 1
     WHERE w.id = the_voucher;
    UPDATE finance_chainhead h SET hash = digest, length = place;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("finance", "0003_posting_rules")]

    operations = [
        SchemaSQL(
            [HOLD, LINES, INTO_THE_BOOKS],
            reverse=[
                'DROP FUNCTION "{schema}".finance_hold_to_post(bigint)',
                'DROP FUNCTION "{schema}".finance_lines_to_post(bigint)',
                'DROP FUNCTION "{schema}".finance_into_the_books'
                "(bigint, integer[], numeric[], text, text, bigint, text, timestamptz)",
            ],
        ),
    ]
