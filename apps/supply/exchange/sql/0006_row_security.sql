-- Row security, forced on every table; the owner needs policies of its own for the definer functions.

ALTER TABLE exchange.party ENABLE ROW LEVEL SECURITY;
ALTER TABLE exchange.party FORCE ROW LEVEL SECURITY;
ALTER TABLE exchange.party_role ENABLE ROW LEVEL SECURITY;
ALTER TABLE exchange.party_role FORCE ROW LEVEL SECURITY;
ALTER TABLE exchange.party_key ENABLE ROW LEVEL SECURITY;
ALTER TABLE exchange.party_key FORCE ROW LEVEL SECURITY;
ALTER TABLE exchange.link ENABLE ROW LEVEL SECURITY;
ALTER TABLE exchange.link FORCE ROW LEVEL SECURITY;
ALTER TABLE exchange.doc_version ENABLE ROW LEVEL SECURITY;
ALTER TABLE exchange.doc_version FORCE ROW LEVEL SECURITY;
ALTER TABLE exchange.receipt ENABLE ROW LEVEL SECURITY;
ALTER TABLE exchange.receipt FORCE ROW LEVEL SECURITY;
ALTER TABLE exchange.consent ENABLE ROW LEVEL SECURITY;
ALTER TABLE exchange.consent FORCE ROW LEVEL SECURITY;
ALTER TABLE exchange.guest_contact ENABLE ROW LEVEL SECURITY;
ALTER TABLE exchange.guest_contact FORCE ROW LEVEL SECURITY;
ALTER TABLE exchange.guest_token ENABLE ROW LEVEL SECURITY;
ALTER TABLE exchange.guest_token FORCE ROW LEVEL SECURITY;
ALTER TABLE exchange.guest_pin ENABLE ROW LEVEL SECURITY;
ALTER TABLE exchange.guest_pin FORCE ROW LEVEL SECURITY;
ALTER TABLE exchange.guest_claim ENABLE ROW LEVEL SECURITY;
ALTER TABLE exchange.guest_claim FORCE ROW LEVEL SECURITY;
ALTER TABLE exchange.package_code ENABLE ROW LEVEL SECURITY;
ALTER TABLE exchange.package_code FORCE ROW LEVEL SECURITY;
ALTER TABLE exchange.person_value ENABLE ROW LEVEL SECURITY;
ALTER TABLE exchange.person_value FORCE ROW LEVEL SECURITY;
ALTER TABLE exchange.access ENABLE ROW LEVEL SECURITY;
ALTER TABLE exchange.access FORCE ROW LEVEL SECURITY;

CREATE POLICY owner_works ON exchange.party TO {exchange} USING (true) WITH CHECK (true);
CREATE POLICY owner_works ON exchange.party_role TO {exchange} USING (true) WITH CHECK (true);
CREATE POLICY owner_works ON exchange.party_key TO {exchange} USING (true) WITH CHECK (true);
CREATE POLICY owner_works ON exchange.link TO {exchange} USING (true) WITH CHECK (true);
CREATE POLICY owner_reads ON exchange.doc_version FOR SELECT TO {exchange} USING (true);
CREATE POLICY owner_reads ON exchange.receipt FOR SELECT TO {exchange} USING (true);
CREATE POLICY owner_works ON exchange.guest_contact TO {exchange} USING (true) WITH CHECK (true);
CREATE POLICY owner_works ON exchange.guest_token TO {exchange} USING (true) WITH CHECK (true);
CREATE POLICY owner_works ON exchange.guest_pin TO {exchange} USING (true) WITH CHECK (true);
CREATE POLICY owner_works ON exchange.guest_claim TO {exchange} USING (true) WITH CHECK (true);

CREATE POLICY known_parties ON exchange.party FOR SELECT TO {companies}, {guest}
    USING (id = ANY ((SELECT exchange.known())::uuid[]));
CREATE POLICY own_keys ON exchange.party_key FOR SELECT TO {companies}, {guest}
    USING (party = ANY ((SELECT exchange.mine())::uuid[]));
CREATE POLICY own_links ON exchange.link FOR SELECT TO {companies}, {guest}
    USING (buyer = ANY ((SELECT exchange.mine())::uuid[]) OR seller = ANY ((SELECT exchange.mine())::uuid[]));

CREATE POLICY own_versions ON exchange.doc_version FOR SELECT TO {companies}
    USING (sender = ANY ((SELECT exchange.mine())::uuid[]) OR recipient = ANY ((SELECT exchange.mine())::uuid[]));
CREATE POLICY guest_versions ON exchange.doc_version FOR SELECT TO {guest}
    USING ((sender = ANY ((SELECT exchange.mine())::uuid[]) OR recipient = ANY ((SELECT exchange.mine())::uuid[]))
           AND exchange.in_scope(link, chain, about));
CREATE POLICY send_as_mine ON exchange.doc_version FOR INSERT TO {companies}
    WITH CHECK (sender = ANY ((SELECT exchange.mine())::uuid[]));
CREATE POLICY guest_sends ON exchange.doc_version FOR INSERT TO {guest}
    WITH CHECK (sender = ANY ((SELECT exchange.mine())::uuid[]) AND exchange.in_scope(link, chain, about)
                AND exchange.may_send(kind));

CREATE POLICY seen_with_version ON exchange.receipt FOR SELECT TO {companies}, {guest}
    USING (exists(SELECT 1 FROM exchange.doc_version WHERE doc_version.id = receipt.version));
CREATE POLICY own_receipts ON exchange.receipt FOR INSERT TO {companies}
    WITH CHECK (party = ANY ((SELECT exchange.mine())::uuid[])
                AND exists(SELECT 1 FROM exchange.doc_version
                           WHERE doc_version.id = receipt.version AND doc_version.recipient = receipt.party));

CREATE POLICY ends_see_consents ON exchange.consent FOR SELECT TO {companies}
    USING (exists(SELECT 1 FROM exchange.link WHERE link.id = consent.link));
CREATE POLICY grant_as_mine ON exchange.consent FOR INSERT TO {companies}
    WITH CHECK (grantor = ANY ((SELECT exchange.mine())::uuid[])
                AND exists(SELECT 1 FROM exchange.link WHERE link.id = consent.link));

CREATE POLICY own_contact ON exchange.guest_contact TO {companies}, {guest}
    USING (owner = ANY ((SELECT exchange.mine())::uuid[]) OR party = ANY ((SELECT exchange.mine())::uuid[]));

CREATE POLICY issued_tokens ON exchange.guest_token TO {companies}
    USING (issuer = ANY ((SELECT exchange.mine())::uuid[]))
    WITH CHECK (issuer = ANY ((SELECT exchange.mine())::uuid[])
                AND exists(SELECT 1 FROM exchange.link WHERE link.id = guest_token.link));

CREATE POLICY own_codes ON exchange.package_code TO {companies}, {guest}
    USING (party = ANY ((SELECT exchange.mine())::uuid[])) WITH CHECK (party = ANY ((SELECT exchange.mine())::uuid[]));

CREATE POLICY ends_see_persons ON exchange.person_value FOR SELECT TO {companies}, {guest}
    USING (exists(SELECT 1 FROM exchange.doc_version WHERE doc_version.id = person_value.version));
CREATE POLICY sender_names_persons ON exchange.person_value FOR INSERT TO {companies}, {guest}
    WITH CHECK (exists(SELECT 1 FROM exchange.doc_version
                       WHERE doc_version.id = person_value.version
                         AND doc_version.sender = ANY ((SELECT exchange.mine())::uuid[])));
CREATE POLICY sender_erases_persons ON exchange.person_value FOR DELETE TO {companies}
    USING (exists(SELECT 1 FROM exchange.doc_version
                  WHERE doc_version.id = person_value.version
                    AND doc_version.sender = ANY ((SELECT exchange.mine())::uuid[])));

CREATE POLICY looks_of_mine ON exchange.access FOR INSERT TO {companies}, {guest}
    WITH CHECK (party = ANY ((SELECT exchange.mine())::uuid[])
                AND exists(SELECT 1 FROM exchange.doc_version
                           WHERE doc_version.link = access.link AND doc_version.chain = access.chain));
CREATE POLICY author_sees_looks ON exchange.access FOR SELECT TO {companies}
    USING (party <> ALL ((SELECT exchange.mine())::uuid[])
           AND exists(SELECT 1 FROM exchange.doc_version
                      WHERE doc_version.link = access.link AND doc_version.chain = access.chain
                        AND doc_version.seq <= access.seq
                        AND doc_version.sender = ANY ((SELECT exchange.mine())::uuid[])));

-- Grants, each one named. PUBLIC may run nothing here.
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA exchange FROM PUBLIC;
GRANT USAGE ON SCHEMA exchange TO {companies}, {guest}, {login};
GRANT SELECT ON exchange.party, exchange.party_key, exchange.link, exchange.receipt TO {companies}, {guest};
GRANT SELECT, INSERT ON exchange.doc_version, exchange.package_code, exchange.person_value TO {companies}, {guest};
GRANT DELETE ON exchange.person_value TO {companies};
GRANT INSERT ON exchange.receipt TO {companies};
GRANT SELECT, INSERT ON exchange.consent TO {companies};
GRANT SELECT ON exchange.guest_contact TO {companies}, {guest};
GRANT UPDATE (name, mobile, email), DELETE ON exchange.guest_contact TO {companies};
GRANT SELECT, INSERT ON exchange.guest_token TO {companies};
GRANT UPDATE (revoked_at) ON exchange.guest_token TO {companies};
GRANT SELECT, INSERT ON exchange.access TO {companies};
GRANT INSERT ON exchange.access TO {guest};
GRANT EXECUTE ON FUNCTION exchange.mine(), exchange.known(), exchange.in_scope(uuid, uuid, uuid) TO {companies}, {guest};
GRANT EXECUTE ON FUNCTION exchange.may_send(text), exchange.open_token(text), exchange.pin_new(text),
    exchange.pin_check(text), exchange.claim_start(text) TO {guest};
GRANT EXECUTE ON FUNCTION exchange.me(), exchange.register(uuid, text, text, text, uuid, text),
    exchange.invite(uuid, text, text, text, timestamptz),
    exchange.invite_guest(uuid, text, uuid, text, text, text, uuid, text, text, text, text),
    exchange.accept(text, timestamptz), exchange.confirm(uuid), exchange.decline(uuid), exchange.suspend(uuid),
    exchange.resume(uuid), exchange.close(uuid), exchange.claim(text) TO {companies};
GRANT EXECUTE ON FUNCTION exchange.role_of(uuid), exchange.roles_waiting() TO {login};
