-- The exchange: what two firms tell each other. Nobody logs in as its owner; every table is behind row security.
-- Names in braces are database roles: exchange = owner, companies = all companies' roles, guest, login = the serving login.

CREATE TABLE exchange.party (
    id uuid PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('tenant', 'guest')),
    name text NOT NULL,
    uscc text NOT NULL DEFAULT '',
    public_key text NOT NULL CHECK (public_key ~ '^[0-9a-f]{64}$'),
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE exchange.party_role (
    party uuid PRIMARY KEY REFERENCES exchange.party,
    role name NOT NULL,
    is_main boolean NOT NULL DEFAULT true
);
CREATE UNIQUE INDEX party_role_one_main ON exchange.party_role (role) WHERE is_main;
CREATE INDEX party_role_by_role ON exchange.party_role (role);

CREATE TABLE exchange.party_key (
    id uuid PRIMARY KEY,
    party uuid NOT NULL REFERENCES exchange.party,
    public_key text NOT NULL CHECK (public_key ~ '^[0-9a-f]{64}$'),
    secret text NOT NULL,
    valid_from timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX party_key_by_party ON exchange.party_key (party, valid_from);

CREATE TABLE exchange.link (
    id uuid PRIMARY KEY,
    buyer uuid REFERENCES exchange.party,
    seller uuid REFERENCES exchange.party,
    state text NOT NULL CHECK (state IN ('invited', 'accepted', 'active', 'suspended', 'closed', 'declined')),
    invited_by uuid NOT NULL REFERENCES exchange.party,
    invited_uscc text NOT NULL DEFAULT '',
    code_hash text,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz,
    changed_by uuid REFERENCES exchange.party,
    events integer NOT NULL DEFAULT 0,
    closed_at timestamptz,
    CONSTRAINT link_two_parties CHECK (buyer <> seller),
    CONSTRAINT link_has_an_end CHECK (buyer IS NOT NULL OR seller IS NOT NULL),
    CONSTRAINT link_both_ends CHECK (
        state IN ('invited', 'closed', 'declined') OR (buyer IS NOT NULL AND seller IS NOT NULL)
    )
);
CREATE UNIQUE INDEX link_code_once ON exchange.link (code_hash) WHERE code_hash IS NOT NULL;
CREATE UNIQUE INDEX link_pair_once ON exchange.link (buyer, seller) WHERE state IN ('accepted', 'active', 'suspended');
CREATE INDEX link_by_buyer ON exchange.link (buyer);
CREATE INDEX link_by_seller ON exchange.link (seller);

CREATE TABLE exchange.doc_version (
    id uuid PRIMARY KEY,
    link uuid NOT NULL REFERENCES exchange.link,
    chain uuid NOT NULL,
    about uuid,
    seq integer NOT NULL CHECK (seq > 0),
    kind text NOT NULL CHECK (kind IN (
        'link_event', 'order', 'order_change', 'order_response', 'order_cancel', 'despatch', 'receipt', 'return',
        'return_response', 'material', 'statement', 'statement_response', 'invoice', 'invoice_response',
        'price_agreement', 'price_response', 'rfq', 'quote', 'rfq_result', 'pool_call', 'pool_commit',
        'pool_progress', 'pool_result', 'message'
    )),
    sender uuid NOT NULL REFERENCES exchange.party,
    recipient uuid NOT NULL REFERENCES exchange.party,
    idem text NOT NULL,
    sent_at timestamptz NOT NULL,
    payload text NOT NULL,
    prev_hash text CHECK (prev_hash ~ '^[0-9a-f]{64}$'),
    body_hash text NOT NULL CHECK (body_hash ~ '^[0-9a-f]{64}$'),
    signature text NOT NULL CHECK (signature ~ '^[0-9a-f]{128}$'),
    key text NOT NULL CHECK (key ~ '^[0-9a-f]{64}$'),
    CONSTRAINT doc_version_place_once UNIQUE (link, chain, seq),
    CONSTRAINT doc_version_idem_once UNIQUE (sender, idem),
    CONSTRAINT doc_version_two_parties CHECK (sender <> recipient),
    CONSTRAINT doc_version_chained CHECK ((seq = 1) = (prev_hash IS NULL))
);
CREATE INDEX doc_version_by_recipient ON exchange.doc_version (recipient, sent_at);
CREATE INDEX doc_version_by_chain ON exchange.doc_version (chain, seq);
CREATE INDEX doc_version_by_about ON exchange.doc_version (about) WHERE about IS NOT NULL;

CREATE TABLE exchange.receipt (
    id uuid PRIMARY KEY,
    version uuid NOT NULL REFERENCES exchange.doc_version,
    party uuid NOT NULL REFERENCES exchange.party,
    state text NOT NULL CHECK (state IN ('received', 'applied', 'refused')),
    reason text NOT NULL DEFAULT '',
    at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT receipt_state_once UNIQUE (version, party, state)
);

CREATE TABLE exchange.consent (
    id uuid PRIMARY KEY,
    link uuid NOT NULL REFERENCES exchange.link,
    grantor uuid NOT NULL REFERENCES exchange.party,
    scope text NOT NULL,
    items jsonb NOT NULL DEFAULT '"all"',
    granularity text NOT NULL CHECK (granularity IN ('exact', 'rounded', 'level')),
    "from" timestamptz NOT NULL DEFAULT now(),
    until timestamptz,
    revokes uuid REFERENCES exchange.consent,
    revoked_at timestamptz
);
CREATE INDEX consent_by_link ON exchange.consent (link);
CREATE UNIQUE INDEX consent_revoked_once ON exchange.consent (revokes) WHERE revokes IS NOT NULL;

CREATE TABLE exchange.guest_contact (
    party uuid PRIMARY KEY REFERENCES exchange.party,
    owner uuid NOT NULL REFERENCES exchange.party,
    name text NOT NULL DEFAULT '',
    mobile text NOT NULL DEFAULT '',
    email text NOT NULL DEFAULT ''
);

CREATE TABLE exchange.guest_token (
    id uuid PRIMARY KEY,
    hash text NOT NULL CHECK (hash ~ '^[0-9a-f]{64}$'),
    link uuid NOT NULL REFERENCES exchange.link,
    chain uuid,
    verbs text[] NOT NULL,
    "check" text NOT NULL CHECK ("check" IN ('code', 'none')),
    expires_at timestamptz,
    revoked_at timestamptz,
    issuer uuid NOT NULL REFERENCES exchange.party,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT guest_token_hash_once UNIQUE (hash)
);
CREATE INDEX guest_token_by_link ON exchange.guest_token (link);

CREATE TABLE exchange.guest_pin (
    link uuid PRIMARY KEY REFERENCES exchange.link,
    code_hash text NOT NULL DEFAULT '',
    sent_at timestamptz,
    valid_until timestamptz,
    sent_on date,
    sent_today integer NOT NULL DEFAULT 0,
    wrong integer NOT NULL DEFAULT 0,
    locked_until timestamptz
);

CREATE TABLE exchange.guest_claim (
    code_hash text PRIMARY KEY,
    link uuid NOT NULL REFERENCES exchange.link,
    party uuid NOT NULL REFERENCES exchange.party,
    expires_at timestamptz NOT NULL,
    used_at timestamptz
);

CREATE TABLE exchange.package_code (
    party uuid NOT NULL REFERENCES exchange.party,
    code text NOT NULL,
    version uuid NOT NULL REFERENCES exchange.doc_version,
    PRIMARY KEY (party, code)
);

CREATE TABLE exchange.person_value (
    version uuid NOT NULL REFERENCES exchange.doc_version,
    field text NOT NULL,
    salt text NOT NULL,
    value text NOT NULL,
    PRIMARY KEY (version, field)
);

CREATE TABLE exchange.access (
    id uuid PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now(),
    party uuid NOT NULL REFERENCES exchange.party,
    who text NOT NULL CHECK (who IN ('partner', 'guest', 'staff')),
    link uuid NOT NULL REFERENCES exchange.link,
    chain uuid NOT NULL,
    seq integer NOT NULL,
    what text NOT NULL CHECK (what IN ('view', 'download', 'export')),
    via text NOT NULL CHECK (via IN ('page', 'api'))
);
CREATE INDEX access_by_chain ON exchange.access (chain, at);
