"""What a link of the chain hashes, written by the database from the stored rows.

The same text as `domain.chain.voucher_json`: keys sorted, no blanks, decimals without trailing zeros, moments in UTC
with microseconds; PostgreSQL escapes a JSON text as Python does. Proving a million lines is a matter of seconds this
way, and a link that one of the two wrote is read by the other, so neither can drift unnoticed.
"""


def _text(column: str) -> str:
    return f"coalesce(to_json({column})::text, 'null')"


def _number(column: str) -> str:
    return f"""coalesce('"' || trim_scale({column}) || '"', 'null')"""


def _whole(column: str) -> str:
    return f"coalesce({column}::text, 'null')"


def _day(column: str) -> str:
    return f"""coalesce('"' || to_char({column}, 'YYYY-MM-DD') || '"', 'null')"""


def _signed(who: str) -> str:
    by = f"coalesce(v.{who}_by_id || ':', '') || v.{who}_by_name"
    at = f"""to_char(v.{who}_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')"""
    return f"""coalesce('{{"at":"' || {at} || '+00:00","by":' || to_json({by}) || '}}', 'null')"""


def _object(members: dict[str, str]) -> str:
    inner = " || ',' || ".join(f"""'"{key}":' || {members[key]}""" for key in sorted(members))
    return f"'{{' || {inner} || '}}'"


_LINE = _object(
    {
        "seq": _whole("l.seq"), "summary": _text("l.summary"), "account": _text("a.code"), "aux": _text("c.key"),
        "debit": _number("l.debit"), "credit": _number("l.credit"), "currency": _text("nullif(l.currency, '')"),
        "fc_amount": _number("l.fc_amount"), "rate": _number("l.rate"), "quantity": _number("l.quantity"),
        "unit_price": _number("l.unit_price"), "due_on": _day("l.due_on"), "ref": _text("l.ref"),
    }
)  # fmt: skip
_VOUCHER = _object(
    {
        "word": _text("v.word"), "period": _text("to_char(make_date(p.year, p.month, 1), 'YYYY-MM')"),
        "no": _whole("v.no"), "on": _day("v.date"), "kind": _text("v.kind"),
        "attachment_count": _whole("v.attachment_count"), "prepared": _signed("prepared"),
        "reviewed": _signed("reviewed"), "posted": _signed("posted"), "cashier": _signed("cashier_signed"),
        "lines": "'[' || coalesce(s.lines, '') || ']'", "reverses": _text("o.hash"),
        "source_kind": _text("nullif(v.source_kind, '')"), "source_ref": _text("nullif(v.source_ref, '')"),
        "rule": _text("nullif(v.rule_code, '')"), "rule_version": _whole("v.rule_version"),
    }
)  # fmt: skip

# Some posted vouchers in the order of the chain: place, key, the two stored hashes and what they hash to as they are
# now. `after` is the last place seen; in front stands the stored head as it was when these rows were read.
LINKS = f"""
WITH part AS MATERIALIZED (
    SELECT * FROM finance_voucher WHERE state = 'posted' AND chain_no > %(after)s ORDER BY chain_no LIMIT %(most)s),
summed AS (
    SELECT l.voucher_id, string_agg({_LINE}, ',' ORDER BY l.seq) AS lines
      FROM part JOIN finance_voucherline l ON l.voucher_id = part.id
      JOIN finance_ledgeraccount a ON a.id = l.account_id JOIN finance_auxcombo c ON c.id = l.combo_id
     GROUP BY l.voucher_id),
links AS (
    SELECT v.chain_no, v.id, v.previous_hash, v.hash,
           encode(sha256(convert_to(v.previous_hash || {_VOUCHER}, 'UTF8')), 'hex') AS found
      FROM part v LEFT JOIN finance_period p ON p.id = v.period_id LEFT JOIN finance_voucher o ON o.id = v.reverses_id
      LEFT JOIN summed s ON s.voucher_id = v.id)
SELECT head.hash, links.* FROM (SELECT (SELECT hash FROM finance_chainhead) AS hash) head LEFT JOIN links ON true
 ORDER BY links.chain_no
"""  # noqa: S608  # literals of this file
