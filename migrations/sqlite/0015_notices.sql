-- What somebody is told about the safety of their own account, and the ways back in.

-- `kind` names what happened; `detail` holds a word without content, such as a browser's name. `session` is the one
-- that did it, if it was the account's own.
CREATE TABLE security_notice (
    id         BLOB PRIMARY KEY,
    account    BLOB NOT NULL REFERENCES account (id),
    kind       TEXT NOT NULL,
    detail     TEXT NOT NULL,
    session    BLOB,
    created_at BIGINT NOT NULL,
    seen_at    BIGINT
);
CREATE INDEX security_notice_account ON security_notice (account, id);

-- The browsers an account has signed in with, by their label.
CREATE TABLE known_browser (
    account  BLOB NOT NULL REFERENCES account (id),
    label    TEXT NOT NULL,
    first_at BIGINT NOT NULL,
    PRIMARY KEY (account, label)
);
INSERT INTO known_browser (account, label, first_at) SELECT account, label, min(created_at) FROM session GROUP BY account, label;

-- A link to a new password, made by somebody who has spoken to the person. Good once and for a day; only its hash is
-- kept. The second factor stays as it is.
CREATE TABLE password_reset (
    id         BLOB PRIMARY KEY,
    token_hash BLOB NOT NULL UNIQUE,
    account    BLOB NOT NULL REFERENCES account (id),
    made_by    BLOB NOT NULL REFERENCES account (id),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at    BIGINT
);
CREATE INDEX password_reset_account ON password_reset (account);

-- Taking the second factor away from somebody who has lost it. One person asks for it and another one agrees; it happens
-- at `due_at`, unless somebody, the account itself among them, calls it off before.
CREATE TABLE factor_removal (
    id           BLOB PRIMARY KEY,
    account      BLOB NOT NULL REFERENCES account (id),
    asked_by     BLOB NOT NULL REFERENCES account (id),
    asked_at     BIGINT NOT NULL,
    agreed_by    BLOB REFERENCES account (id),
    due_at       BIGINT,
    ended_at     BIGINT,
    CHECK (agreed_by IS NULL OR agreed_by <> asked_by)
);
CREATE INDEX factor_removal_account ON factor_removal (account);
