-- Parties and links change through these functions alone.

CREATE FUNCTION exchange.register(p_id uuid, p_name text, p_uscc text, p_public text, p_key uuid, p_secret text)
RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    known uuid := exchange.me();
BEGIN
    IF known IS NOT NULL THEN
        UPDATE exchange.party SET name = p_name, uscc = p_uscc
        WHERE id = known AND (name, uscc) IS DISTINCT FROM (p_name, p_uscc);
        RETURN known;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('exchange.register'), hashtext(current_setting('role')));
    known := (SELECT party FROM exchange.party_role WHERE role = current_setting('role')::name AND is_main);
    IF known IS NOT NULL THEN
        RETURN known;
    END IF;
    INSERT INTO exchange.party (id, kind, name, uscc, public_key) VALUES (p_id, 'tenant', p_name, p_uscc, p_public);
    INSERT INTO exchange.party_role (party, role) VALUES (p_id, current_setting('role')::name);
    INSERT INTO exchange.party_key (id, party, public_key, secret) VALUES (p_key, p_id, p_public, p_secret);
    RETURN p_id;
END
$$;

CREATE FUNCTION exchange.invite(p_link uuid, p_as text, p_uscc text, p_code_hash text, p_expires timestamptz)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
    INSERT INTO exchange.link (id, buyer, seller, state, invited_by, invited_uscc, code_hash, expires_at)
    VALUES (p_link, CASE WHEN p_as = 'buyer' THEN exchange.me() END, CASE WHEN p_as = 'seller' THEN exchange.me() END,
            'invited', exchange.me(), p_uscc, p_code_hash, p_expires)
$$;

-- A guest is a party whose firm has no company here; the link is active at once.
CREATE FUNCTION exchange.invite_guest(
    p_link uuid, p_as text, p_party uuid, p_name text, p_uscc text, p_public text, p_key uuid, p_secret text,
    p_person text, p_mobile text, p_email text)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    own uuid := exchange.me();
BEGIN
    INSERT INTO exchange.party (id, kind, name, uscc, public_key) VALUES (p_party, 'guest', p_name, p_uscc, p_public);
    INSERT INTO exchange.party_key (id, party, public_key, secret) VALUES (p_key, p_party, p_public, p_secret);
    INSERT INTO exchange.guest_contact (party, owner, name, mobile, email)
    VALUES (p_party, own, p_person, p_mobile, p_email);
    INSERT INTO exchange.link (id, buyer, seller, state, invited_by)
    VALUES (p_link, CASE WHEN p_as = 'buyer' THEN own ELSE p_party END,
            CASE WHEN p_as = 'seller' THEN own ELSE p_party END, 'active', own);
END
$$;

-- Unknown, used, expired and own codes answer the same: nothing.
CREATE FUNCTION exchange.accept(p_code_hash text, p_at timestamptz) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    bond exchange.link;
    own exchange.party;
BEGIN
    SELECT * INTO own FROM exchange.party WHERE id = exchange.me();
    SELECT * INTO bond FROM exchange.link WHERE code_hash = p_code_hash FOR UPDATE;
    IF NOT FOUND OR own.id IS NULL OR bond.state <> 'invited' OR bond.invited_by = own.id
       OR bond.expires_at <= greatest(p_at, now()) THEN
        RETURN NULL;
    END IF;
    UPDATE exchange.link
    SET buyer = coalesce(buyer, own.id), seller = coalesce(seller, own.id), changed_by = own.id, events = events + 1,
        state = CASE WHEN own.uscc <> '' AND own.uscc = invited_uscc THEN 'active' ELSE 'accepted' END
    WHERE id = bond.id;
    RETURN bond.id;
END
$$;

CREATE FUNCTION exchange.move(p_link uuid, p_from text[], p_to text, p_by uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    UPDATE exchange.link
    SET state = p_to, changed_by = p_by,
        events = events + CASE WHEN state = 'invited' THEN 0 ELSE 1 END,
        closed_at = CASE WHEN p_to IN ('closed', 'declined') THEN now() ELSE closed_at END
    WHERE id = p_link AND state = ANY (p_from) AND (buyer = p_by OR seller = p_by);
    RETURN FOUND;
END
$$;

-- The end of `p_link` that is mine; null when none is.
CREATE FUNCTION exchange.own_end(p_link uuid) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT CASE WHEN buyer = ANY (exchange.mine()) THEN buyer WHEN seller = ANY (exchange.mine()) THEN seller END
    FROM exchange.link WHERE id = p_link
$$;

CREATE FUNCTION exchange.confirm(p_link uuid) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT exists(SELECT 1 FROM exchange.link WHERE id = p_link AND invited_by = exchange.own_end(p_link))
       AND exchange.move(p_link, ARRAY['accepted'], 'active', exchange.own_end(p_link))
$$;

CREATE FUNCTION exchange.decline(p_link uuid) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT exists(SELECT 1 FROM exchange.link WHERE id = p_link AND invited_by = exchange.own_end(p_link))
       AND exchange.move(p_link, ARRAY['accepted'], 'declined', exchange.own_end(p_link))
$$;

CREATE FUNCTION exchange.suspend(p_link uuid) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT exchange.move(p_link, ARRAY['active'], 'suspended', exchange.own_end(p_link))
$$;

-- Only who suspended a link may resume it.
CREATE FUNCTION exchange.resume(p_link uuid) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT exists(SELECT 1 FROM exchange.link WHERE id = p_link AND changed_by = exchange.own_end(p_link))
       AND exchange.move(p_link, ARRAY['suspended'], 'active', exchange.own_end(p_link))
$$;

CREATE FUNCTION exchange.close(p_link uuid) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT exchange.move(p_link, ARRAY['invited', 'accepted', 'active', 'suspended'], 'closed', exchange.own_end(p_link))
$$;
