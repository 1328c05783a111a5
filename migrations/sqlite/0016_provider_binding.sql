-- Signing in through an institution's own identity provider (OpenID Connect).

-- Whom a provider means by a name of its own. Written when somebody first comes in that way, found by their e-mail
-- address; from then on `issuer` and `subject` name the account, and nobody else of that issuer does.
CREATE TABLE provider_binding (
    id           BLOB PRIMARY KEY,
    account      BLOB NOT NULL REFERENCES account (id),
    issuer       TEXT NOT NULL,
    subject      TEXT NOT NULL,
    created_at   BIGINT NOT NULL,
    last_used_at BIGINT NOT NULL,
    UNIQUE (issuer, subject),
    UNIQUE (account, issuer)
);
