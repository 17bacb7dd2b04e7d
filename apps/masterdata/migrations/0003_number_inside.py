"""A number may be taken inside another statement: who posts at once with others waits for one round trip less.

Numbers that others are about to use are not visible yet: an advisory lock on each, held to the commit, lets us step over
them instead of waiting. There are 64 such locks for a counter, so that a transaction of 10 000 documents holds no more;
whoever finds all of them taken waits for the next number in turn. That no number comes twice does not hang on them: the
table's constraints say so, and what they refuse is tried again. Each statement inside sees what others have committed.
"""

from django.db import migrations

from tenants.db.operations import SchemaSQL

# `series` is the counter, `before` and `after` what stands around it, `width` its zeros. It ends, because each round tries
# a higher place and the numbers that are taken are finite: those of another counter, say, after the rule was changed.
TAKE_NUMBER = """
CREATE FUNCTION "{schema}".masterdata_take_number(
    kind text, part text, series text, before text, width integer, after text)
RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    top bigint;
    place bigint := 0;
    given text;
BEGIN
    LOOP
        SELECT greatest((SELECT max(n.sequence) FROM "{schema}".masterdata_issuednumber n WHERE n.counter = series),
                        (SELECT c.last FROM "{schema}".kernel_numbercounter c WHERE c.scope = series), place) INTO top;
        place := top + 1;
        FOR step IN 1..64 LOOP
            IF pg_try_advisory_xact_lock(hashtextextended('{schema} ' || series, (top + step) % 64)) THEN
                place := top + step;
                EXIT;
            END IF;
        END LOOP;
        INSERT INTO "{schema}".masterdata_issuednumber (document, scope, number, counter, sequence)
        VALUES (kind, part, before || lpad(place::text, greatest(width, length(place::text)), '0') || after, series, place)
            ON CONFLICT DO NOTHING RETURNING number INTO given;
        IF given IS NOT NULL THEN
            RETURN given;
        END IF;
    END LOOP;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("masterdata", "0002_numbers_in_turn")]

    operations = [
        SchemaSQL(
            [TAKE_NUMBER],
            reverse=['DROP FUNCTION "{schema}".masterdata_take_number(text, text, text, text, integer, text)'],
        ),
    ]
