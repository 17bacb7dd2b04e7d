-- The fifth wrong code is answered as a wrong one; what follows within the hour is locked out.
CREATE OR REPLACE FUNCTION exchange.pin_check(p_code_hash text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    bond uuid := exchange.token_link();
    pin exchange.guest_pin;
BEGIN
    IF bond IS NULL THEN
        RETURN 'none';
    END IF;
    INSERT INTO exchange.guest_pin (link) VALUES (bond) ON CONFLICT DO NOTHING;
    SELECT * INTO pin FROM exchange.guest_pin WHERE link = bond FOR UPDATE;
    IF pin.locked_until > now() THEN
        RETURN 'locked';
    ELSIF pin.code_hash <> '' AND pin.code_hash = p_code_hash AND pin.valid_until > now() THEN
        UPDATE exchange.guest_pin SET wrong = 0, locked_until = NULL WHERE link = bond;
        RETURN 'ok';
    END IF;
    UPDATE exchange.guest_pin
    SET wrong = CASE WHEN wrong >= 4 THEN 0 ELSE wrong + 1 END,
        locked_until = CASE WHEN wrong >= 4 THEN now() + interval '1 hour' END
    WHERE link = bond;
    RETURN 'wrong';
END
$$;
