-- Who may come in. Ids are UUIDv7 (16 bytes), times are UTC microseconds, secrets are kept as SHA-256 only.

-- A professional. `email` is lower case. `password_hash` is an Argon2id PHC string.
-- `name_key` is the folded name. `country` is empty for people who serve the whole region.
CREATE TABLE account (
    id            BLOB PRIMARY KEY,
    email         TEXT NOT NULL UNIQUE,
    name          TEXT NOT NULL,
    name_key      TEXT NOT NULL,
    country       TEXT,
    function      TEXT,
    organisation  TEXT,
    language      TEXT NOT NULL,
    status        TEXT NOT NULL CHECK (status IN ('active', 'suspended')),
    password_hash TEXT NOT NULL,
    created_at    BIGINT NOT NULL,
    last_seen_at  BIGINT
);

-- A power within a scope: 'region', 'country:RO', 'theme:forced-begging' or 'channel:<id>'.
CREATE TABLE role_grant (
    id         BLOB PRIMARY KEY,
    account    BLOB NOT NULL REFERENCES account (id),
    role       TEXT NOT NULL CHECK (role IN ('administrator', 'moderator')),
    scope      TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by BLOB REFERENCES account (id),
    UNIQUE (account, role, scope)
);

-- One signed-in browser. `id_hash` is all that is kept of the cookie; `id` is the name under which its
-- owner may end it. `data` belongs to the session layer.
CREATE TABLE session (
    id_hash      BLOB PRIMARY KEY,
    id           BLOB NOT NULL UNIQUE,
    account      BLOB NOT NULL REFERENCES account (id),
    data         TEXT NOT NULL,
    label        TEXT NOT NULL,
    created_at   BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL
);
CREATE INDEX session_account ON session (account);

-- An invitation link, good once and for one e-mail address. `role` and `scope` are for the first administrator.
CREATE TABLE invitation (
    id           BLOB PRIMARY KEY,
    token_hash   BLOB NOT NULL UNIQUE,
    email        TEXT NOT NULL,
    name         TEXT NOT NULL,
    country      TEXT,
    function     TEXT,
    organisation TEXT,
    role         TEXT,
    scope        TEXT,
    invited_by   BLOB REFERENCES account (id),
    created_at   BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL,
    accepted_at  BIGINT,
    accepted_by  BLOB REFERENCES account (id),
    revoked_at   BIGINT
);

-- A bearer token of an integration, acting as its account.
CREATE TABLE token (
    id           BLOB PRIMARY KEY,
    account      BLOB NOT NULL REFERENCES account (id),
    token_hash   BLOB NOT NULL UNIQUE,
    label        TEXT NOT NULL,
    created_at   BIGINT NOT NULL,
    revoked_at   BIGINT
);
