-- Guests: a token is looked up by its hash alone, codes are counted here and nowhere else.

CREATE FUNCTION exchange.open_token(
    p_hash text, OUT id uuid, OUT link uuid, OUT chain uuid, OUT verbs text[], OUT "check" text,
    OUT expires_at timestamptz, OUT party uuid, OUT issuer uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT token.id, token.link, token.chain, token.verbs, token."check", token.expires_at, exchange.token_party(),
           token.issuer
    FROM exchange.guest_token AS token
    WHERE token.hash = p_hash AND p_hash = current_setting('exchange.token', true)
      AND exchange.token_party() IS NOT NULL
$$;

CREATE FUNCTION exchange.token_link() RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT link FROM exchange.guest_token
    WHERE hash = nullif(current_setting('exchange.token', true), '') AND exchange.token_party() IS NOT NULL
$$;

-- A new code: 1 a minute, 5 a day a link, none while locked. Answers ok, soon, many or locked.
CREATE FUNCTION exchange.pin_new(p_code_hash text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    bond uuid := exchange.token_link();
    pin exchange.guest_pin;
    today date := (now() AT TIME ZONE 'Asia/Shanghai')::date;
BEGIN
    IF bond IS NULL THEN
        RETURN 'none';
    END IF;
    INSERT INTO exchange.guest_pin (link) VALUES (bond) ON CONFLICT DO NOTHING;
    SELECT * INTO pin FROM exchange.guest_pin WHERE link = bond FOR UPDATE;
    IF pin.locked_until > now() THEN
        RETURN 'locked';
    ELSIF pin.sent_at > now() - interval '1 minute' THEN
        RETURN 'soon';
    ELSIF pin.sent_on = today AND pin.sent_today >= 5 THEN
        RETURN 'many';
    END IF;
    UPDATE exchange.guest_pin
    SET code_hash = p_code_hash, sent_at = now(), valid_until = now() + interval '10 minutes', sent_on = today,
        sent_today = CASE WHEN sent_on = today THEN sent_today + 1 ELSE 1 END
    WHERE link = bond;
    RETURN 'ok';
END
$$;

-- Is this the code? 5 wrong ones lock the link for an hour, whether a code was sent or not.
CREATE FUNCTION exchange.pin_check(p_code_hash text) RETURNS text
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
    RETURN CASE WHEN pin.wrong >= 4 THEN 'locked' ELSE 'wrong' END;
END
$$;

CREATE FUNCTION exchange.claim_start(p_code_hash text) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
    WITH made AS (
        INSERT INTO exchange.guest_claim (code_hash, link, party, expires_at)
        SELECT p_code_hash, token.link, exchange.token_party(), now() + interval '14 days'
        FROM exchange.guest_token AS token
        WHERE token.hash = nullif(current_setting('exchange.token', true), '')
          AND 'claim' = ANY (token.verbs) AND exchange.token_party() IS NOT NULL
        RETURNING 1)
    SELECT exists(SELECT 1 FROM made)
$$;

-- A company takes a guest party over: the party keeps its id and history, its tokens die.
CREATE FUNCTION exchange.claim(p_code_hash text) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    wish exchange.guest_claim;
BEGIN
    SELECT * INTO wish FROM exchange.guest_claim
    WHERE code_hash = p_code_hash AND used_at IS NULL AND expires_at > now() FOR UPDATE;
    IF NOT FOUND OR exchange.me() IS NULL
       OR exists(SELECT 1 FROM exchange.party_role WHERE party = wish.party)
       OR exists(SELECT 1 FROM exchange.link WHERE id = wish.link AND invited_by = ANY (exchange.mine())) THEN
        RETURN NULL;
    END IF;
    UPDATE exchange.guest_claim SET used_at = now() WHERE code_hash = p_code_hash;
    UPDATE exchange.guest_token SET revoked_at = now() WHERE link = wish.link AND revoked_at IS NULL;
    UPDATE exchange.party SET kind = 'tenant' WHERE id = wish.party;
    INSERT INTO exchange.party_role (party, role, is_main) VALUES (wish.party, current_setting('role')::name, false);
    RETURN wish.link;
END
$$;
