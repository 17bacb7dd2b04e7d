"""The nightly proof by query: what constraints and tests already hold is looked at once more (I1–I12)."""

from typing import Any

from django.db import connection

# Each query answers the rows that break the rule; no row = the rule holds.
QUERIES: dict[str, str] = {
    "I1": """
        SELECT i.number FROM billing_invoice i
        LEFT JOIN LATERAL (SELECT COALESCE(sum(amount), 0) AS amount, COALESCE(sum(net), 0) AS net,
            COALESCE(sum(tax), 0) AS tax FROM billing_invoiceline l WHERE l.invoice_id = i.id) l ON true
        LEFT JOIN LATERAL (SELECT COALESCE(sum(amount), 0) AS amount FROM billing_invoiceshare s
            WHERE s.invoice_id = i.id) s ON true
        WHERE i.number IS NOT NULL AND (i.net + i.tax <> i.total OR l.net <> i.net OR l.tax <> i.tax
            OR i.subtotal + i.true_up + i.balance_credit <> l.amount
            OR l.amount - i.discount - i.promo <> i.list_total
            OR i.list_total <> s.amount OR i.list_total - i.concession <> i.total)
    """,
    "I2": "SELECT number FROM billing_invoice WHERE total < 0",
    "I3": """
        SELECT p.external_id FROM billing_payment p
        LEFT JOIN LATERAL (SELECT COALESCE(sum(amount), 0) AS amount FROM billing_paymentallocation a
            WHERE a.payment_id = p.id) a ON true
        WHERE p.amount <> a.amount + p.to_balance
        UNION ALL
        SELECT i.number FROM billing_invoice i WHERE i.number IS NOT NULL AND i.paid <>
            (SELECT COALESCE(sum(amount), 0) FROM billing_paymentallocation a WHERE a.invoice_id = i.id)
        UNION ALL
        SELECT b.tenant_id::text FROM billing_billingaccount b WHERE b.balance <>
            (SELECT COALESCE(sum(amount), 0) FROM billing_balanceentry e WHERE e.tenant_id = b.tenant_id)
    """,
    "I4": """
        SELECT entry_id::text FROM billing_ledgerposting GROUP BY entry_id HAVING sum(amount) <> 0
        UNION ALL
        SELECT b.tenant_id::text FROM billing_billingaccount b
        WHERE (SELECT COALESCE(sum(p.amount), 0) FROM billing_ledgerposting p
               JOIN billing_ledgerentry e ON e.id = p.entry_id
               WHERE e.tenant_id = b.tenant_id AND p.account = 'accounts_receivable')
           <> (SELECT COALESCE(sum(s.amount - s.settled), 0) FROM billing_invoiceshare s
               JOIN billing_invoice i ON i.id = s.invoice_id
               WHERE s.tenant_id = b.tenant_id AND s.payer = 'enterprise'
                 AND i.state IN ('open', 'partially_paid', 'paid')) - b.balance
    """,
    "I5": "SELECT number FROM billing_invoice WHERE credited > total",
    "I7": """
        SELECT n.series FROM billing_numberseries n WHERE n.last <>
            (SELECT count(DISTINCT number) FROM billing_invoice WHERE number LIKE n.series || '-%')
        UNION ALL
        SELECT i.number FROM billing_invoice i JOIN billing_numberseries n ON i.number LIKE n.series || '-%'
        WHERE substring(i.number FROM '[0-9]+$')::bigint NOT BETWEEN 1 AND n.last
    """,
    "I8": """
        SELECT subscription_id::text FROM billing_invoice WHERE reason <> 'change'
        GROUP BY subscription_id, reason, period_start HAVING count(*) > 1
    """,
    "I10": "SELECT tenant_id::text FROM billing_billingaccount WHERE balance < 0",
    "I11": """
        SELECT a.id::text FROM billing_subscriptionitem a JOIN billing_subscriptionitem b
        ON a.subscription_id = b.subscription_id AND a.item = b.item AND a.id < b.id
        AND daterange(a.valid_from, a.valid_to) && daterange(b.valid_from, b.valid_to)
    """,
    "I12": """
        SELECT s.id::text FROM billing_subscription s JOIN tenants_tenant t ON t.id = s.tenant_id
        WHERE s.state <> 'closed' AND t.access <> CASE
            WHEN s.state IN ('read_only', 'trial_expired') THEN 'read_only'
            WHEN s.state = 'suspended' THEN 'export_only' ELSE 'full' END
    """,
    "I9": """
        SELECT l.id::text FROM billing_pendingline p JOIN billing_invoiceline l ON l.id = p.taken_by_id
        WHERE l.amount <> p.amount
        UNION ALL
        SELECT u.id::text FROM billing_usageperiod u WHERE u.charged <> (
            SELECT COALESCE(sum(l.amount), 0) FROM billing_invoiceline l JOIN billing_invoice i ON i.id = l.invoice_id
            WHERE i.subscription_id = u.subscription_id AND i.number IS NOT NULL
              AND l.kind IN ('usage', 'late_usage') AND l.item = u.meter_id
              AND l.service_start = u.period_start)
    """,
}


def check_all() -> dict[str, dict[str, Any]]:
    """`{I1: {ok, detail}}`; the detail names up to five rows that break the rule."""
    results: dict[str, dict[str, Any]] = {}
    with connection.cursor() as cursor:
        for name in sorted(QUERIES, key=lambda name: int(name[1:])):
            cursor.execute(f"SELECT * FROM ({QUERIES[name]}) broken LIMIT 5")  # noqa: S608  # our own constants
            rows = [str(row[0]) for row in cursor.fetchall()]
            results[name] = {"ok": not rows, "detail": ", ".join(rows)}
    return results
