-- Who asks: the parties of the database role in force. Definer functions see current_setting('role'), which SET ROLE
-- alone writes; current_user would be the owner of the function.

CREATE FUNCTION exchange.token_party() RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT CASE WHEN link.buyer = token.issuer THEN link.seller ELSE link.buyer END
    FROM exchange.guest_token AS token JOIN exchange.link AS link ON link.id = token.link
    WHERE token.hash = nullif(current_setting('exchange.token', true), '')
      AND token.revoked_at IS NULL
      AND (token.expires_at IS NULL OR token.expires_at > now())
      AND (link.closed_at IS NULL OR link.closed_at + interval '30 days' > now())
$$;

CREATE FUNCTION exchange.mine() RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT coalesce(
        CASE WHEN current_setting('role') = '{guest}'
             THEN (SELECT array_agg(party) FROM exchange.token_party() AS party WHERE party IS NOT NULL)
             ELSE (SELECT array_agg(party) FROM exchange.party_role WHERE role = current_setting('role')::name)
        END, ARRAY[]::uuid[])
$$;

CREATE FUNCTION exchange.me() RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT party FROM exchange.party_role WHERE role = current_setting('role')::name AND is_main
$$;

-- May the guest of the token in force look at this chain? A token of one chain also sees what is about that chain.
CREATE FUNCTION exchange.in_scope(p_link uuid, p_chain uuid, p_about uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT exists(
        SELECT 1 FROM exchange.guest_token AS token
        WHERE token.hash = nullif(current_setting('exchange.token', true), '')
          AND token.link = p_link
          AND (token.chain IS NULL OR token.chain = p_chain OR token.chain = p_about))
$$;

-- May the guest of the token in force send this kind of version?
CREATE FUNCTION exchange.may_send(p_kind text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT exists(
        SELECT 1 FROM exchange.guest_token AS token
        WHERE token.hash = nullif(current_setting('exchange.token', true), '')
          AND CASE WHEN p_kind IN ('order_response', 'order_change', 'order_cancel', 'return_response')
                        THEN 'respond' = ANY (token.verbs)
                   WHEN p_kind = 'despatch' THEN 'despatch' = ANY (token.verbs)
                   WHEN p_kind IN ('statement', 'statement_response', 'invoice') THEN 'statement' = ANY (token.verbs)
                   WHEN p_kind = 'quote' THEN 'quote' = ANY (token.verbs)
                   ELSE false END)
$$;

-- Parties of the links of the party in force, itself among them.
CREATE FUNCTION exchange.known() RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT coalesce(array_agg(DISTINCT party), ARRAY[]::uuid[]) FROM (
        SELECT unnest(exchange.mine()) AS party
        UNION ALL SELECT buyer FROM exchange.link WHERE seller = ANY (exchange.mine())
        UNION ALL SELECT seller FROM exchange.link WHERE buyer = ANY (exchange.mine())
    ) AS found WHERE party IS NOT NULL
$$;

-- Routing, for the serving login alone: which company's role works for a party, and where something waits.
CREATE FUNCTION exchange.role_of(p_party uuid) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT role::text FROM exchange.party_role WHERE party = p_party
$$;

CREATE FUNCTION exchange.roles_waiting() RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT DISTINCT known.role::text
    FROM exchange.doc_version AS version JOIN exchange.party_role AS known ON known.party = version.recipient
    WHERE NOT exists(
        SELECT 1 FROM exchange.receipt
        WHERE receipt.version = version.id AND receipt.party = version.recipient AND receipt.state <> 'received')
$$;
