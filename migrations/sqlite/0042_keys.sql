-- Key pairs of people and the keys of sealed spaces (docs/decisions/0026-sealed-spaces.md). Nothing here opens anything without what a
-- person alone has: their password, their printed recovery key, their passkey, or the secret of a tab.

-- The public half (X25519), to which keys of spaces are sealed.
CREATE TABLE key_pair (
    account    BLOB PRIMARY KEY REFERENCES account (id),
    public     BLOB NOT NULL,
    created_at BIGINT NOT NULL
);

-- The private half, once for each way to open it. `salt`: of the password's derivation. `lookup`: of a passkey its credential, of a tab
-- the hash of its secret. `session`: the one that a tab belongs to; its wrap ends with `expires_at` at the latest.
CREATE TABLE key_wrap (
    id         BLOB PRIMARY KEY,
    account    BLOB NOT NULL REFERENCES account (id),
    kind       TEXT NOT NULL CHECK (kind IN ('password', 'recovery', 'passkey', 'tab')),
    salt       BLOB,
    lookup     BLOB,
    session    BLOB,
    sealed     BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    CHECK ((kind = 'password') = (salt IS NOT NULL)),
    CHECK ((kind = 'tab') = (session IS NOT NULL AND expires_at IS NOT NULL)),
    CHECK ((kind IN ('passkey', 'tab')) = (lookup IS NOT NULL))
);
CREATE INDEX key_wrap_account ON key_wrap (account, kind);
CREATE INDEX key_wrap_lookup ON key_wrap (lookup) WHERE lookup IS NOT NULL;
CREATE INDEX key_wrap_expires ON key_wrap (expires_at) WHERE expires_at IS NOT NULL;

-- What is sealed together: a case room, a referral. `due`: somebody has left it while nobody could begin a new version of its key.
CREATE TABLE sealed_space (
    id      BLOB PRIMARY KEY,
    version BIGINT NOT NULL,
    due     BOOLEAN NOT NULL DEFAULT FALSE
);

-- Each version of its key, sealed to each member's public half. Without a row of it nobody ever opens that version again.
CREATE TABLE sealed_space_key (
    space   BLOB NOT NULL REFERENCES sealed_space (id),
    version BIGINT NOT NULL,
    account BLOB NOT NULL REFERENCES account (id),
    sealed  BLOB NOT NULL,
    PRIMARY KEY (space, version, account)
);
CREATE INDEX sealed_space_key_account ON sealed_space_key (account, space);
