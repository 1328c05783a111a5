-- What people prove themselves with beside a password, and how strong a session is.

-- The authenticator app of an account. `secret` is sealed with a key outside the data folder. `last_step` is the number
-- of the last accepted code: the same or an older one is refused.
CREATE TABLE totp (
    account    BLOB PRIMARY KEY REFERENCES account (id),
    secret     BLOB NOT NULL,
    last_step  BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);

-- A passkey. `credential` is the authenticator's own name for it; `data` holds the public key and its counter, as the
-- library writes them. Nothing here is secret.
CREATE TABLE passkey (
    id           BLOB PRIMARY KEY,
    account      BLOB NOT NULL REFERENCES account (id),
    credential   BLOB NOT NULL UNIQUE,
    data         TEXT NOT NULL,
    name         TEXT NOT NULL,
    created_at   BIGINT NOT NULL,
    last_used_at BIGINT
);
CREATE INDEX passkey_account ON passkey (account);

-- A recovery code, good once. 80 bits from the operating system; only the hash is kept.
CREATE TABLE recovery_code (
    account    BLOB NOT NULL REFERENCES account (id),
    hash       BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    used_at    BIGINT,
    PRIMARY KEY (account, hash)
);

-- `strong`: begun or confirmed with a second factor. `stepped_up_at`: when its person last proved who they are.
ALTER TABLE session ADD COLUMN strong BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE session ADD COLUMN stepped_up_at BIGINT NOT NULL DEFAULT 0;

-- How strictly the region asks those who hold powers for a second factor is kept in `setting` under `second_factor`:
-- `required`, or `grace:<microseconds>`, required from then on. A region that says nothing requires.
