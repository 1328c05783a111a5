-- The escrow of case rooms (docs/decisions/0032-escrow.md). Off unless an operator has turned it on: then there is nothing here.

-- The three who hold it, each of another organisation, with the public half that halves are sealed to. Rows: it is on.
CREATE TABLE escrow_holder (
    account      BLOB PRIMARY KEY REFERENCES account (id),
    organisation BLOB NOT NULL REFERENCES organisation (id),
    public       BLOB NOT NULL,
    since        BIGINT NOT NULL
);

-- Each version of a room's key, once for each two holders: drawn at random in two halves that say nothing alone, `account`'s half
-- sealed to `account`. Only with `partner`'s, sealed to `partner`, it makes the key.
CREATE TABLE escrow_half (
    space   BLOB NOT NULL REFERENCES sealed_space (id),
    version BIGINT NOT NULL,
    account BLOB NOT NULL REFERENCES account (id),
    partner BLOB NOT NULL REFERENCES account (id),
    sealed  BLOB NOT NULL,
    PRIMARY KEY (space, version, account, partner)
);

-- A member who has lost their keys asks for a room's: with which public half, until when. The latest of a member and room stays, with
-- what became of it. `first_by`: the holder who has agreed already.
CREATE TABLE escrow_request (
    id         BLOB PRIMARY KEY,
    space      BLOB NOT NULL REFERENCES sealed_space (id),
    account    BLOB NOT NULL REFERENCES account (id),
    public     BLOB NOT NULL,
    asked_at   BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    state      TEXT NOT NULL CHECK (state IN ('waiting', 'opened', 'refused', 'lapsed', 'over')),
    first_by   BLOB REFERENCES account (id),
    ended_by   BLOB REFERENCES account (id),
    UNIQUE (space, account)
);
CREATE INDEX escrow_request_waiting ON escrow_request (expires_at) WHERE state = 'waiting';

-- The halves of the holder who has agreed first, now sealed to the asking member, for each holder who may agree second.
CREATE TABLE escrow_handed (
    request BLOB NOT NULL REFERENCES escrow_request (id),
    version BIGINT NOT NULL,
    partner BLOB NOT NULL REFERENCES account (id),
    sealed  BLOB NOT NULL,
    PRIMARY KEY (request, version, partner)
);

-- What a member has got from two holders is their two halves, each sealed to the member: nobody but the member puts them together.
ALTER TABLE sealed_space_key ADD COLUMN halves BOOLEAN NOT NULL DEFAULT FALSE;
