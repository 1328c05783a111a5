-- Case rooms: one child or one situation each, pseudonymous. A room is no channel: nothing that reads channels, messages or the
-- index finds anything of it. What people say, plan and decide in it stands in `case_entry.sealed` under the room's key, which
-- `keys` has sealed to each member; here stands in plain only what the clocks and the board need without a key: phase, risk,
-- days, and who belongs to it.
CREATE TABLE case_room (
    id              BLOB PRIMARY KEY,
    -- As people call it: `K7-4QXM`, drawn at random.
    reference       TEXT NOT NULL UNIQUE,
    -- The organisation that leads it.
    lead            BLOB NOT NULL REFERENCES organisation (id),
    phase           TEXT NOT NULL,
    side            TEXT,
    risk            TEXT NOT NULL,
    -- The least strict marking of anything in it.
    marking         TEXT NOT NULL,
    -- A day: `2026-12-31`.
    next_review     TEXT NOT NULL,
    -- The number of its last change.
    seq             BIGINT NOT NULL DEFAULT 0,
    created_by      BLOB NOT NULL REFERENCES account (id),
    created_at      BIGINT NOT NULL,
    changed_at      BIGINT NOT NULL,
    closed_at       BIGINT,
    -- When a closed room is erased.
    retention_until BIGINT,
    exercise        BLOB REFERENCES exercise (id)
);
CREATE INDEX case_room_retention ON case_room (retention_until) WHERE retention_until IS NOT NULL;
CREATE INDEX case_room_exercise ON case_room (exercise) WHERE exercise IS NOT NULL;

-- Who belongs to a room, was asked to, or did: by which mandate, on what ground, under which terms, until when. Words of the
-- vocabulary only.
CREATE TABLE case_member (
    room         BLOB NOT NULL REFERENCES case_room (id),
    account      BLOB NOT NULL REFERENCES account (id),
    organisation BLOB NOT NULL REFERENCES organisation (id),
    mandate      TEXT NOT NULL,
    ground       TEXT NOT NULL,
    state        TEXT NOT NULL,
    invited_by   BLOB NOT NULL REFERENCES account (id),
    invited_at   BIGINT NOT NULL,
    confirmed_by BLOB REFERENCES account (id),
    terms        TEXT,
    accepted_at  BIGINT,
    expires_at   BIGINT,
    ended_at     BIGINT,
    PRIMARY KEY (room, account)
);
CREATE INDEX case_member_account ON case_member (account, state);
CREATE INDEX case_member_expiry ON case_member (expires_at) WHERE expires_at IS NOT NULL AND ended_at IS NULL;

-- Everything that happens in a room, in one order without gaps. An item is said once and may be changed: each wording is a row,
-- `newest` marks the one that stands. `place` is the number that the item began with. `sealed` is what was written, under the
-- room's key, bound to room, number, kind, author and marking; `plain` is what the server itself notes (who came, which phase),
-- in words of the vocabulary and ids.
CREATE TABLE case_entry (
    room    BLOB NOT NULL REFERENCES case_room (id),
    seq     BIGINT NOT NULL,
    item    BLOB NOT NULL,
    place   BIGINT NOT NULL,
    kind    TEXT NOT NULL,
    author  BLOB REFERENCES account (id),
    at      BIGINT NOT NULL,
    -- By whom and when the item was begun.
    begun_by BLOB REFERENCES account (id),
    begun_at BIGINT NOT NULL,
    marking TEXT NOT NULL,
    topic   BLOB,
    newest  BOOLEAN NOT NULL,
    gone    BOOLEAN NOT NULL DEFAULT FALSE,
    sealed  BLOB,
    plain   TEXT,
    PRIMARY KEY (room, seq)
);
CREATE INDEX case_entry_item ON case_entry (room, item);
CREATE INDEX case_entry_place ON case_entry (room, place) WHERE newest;

-- What takes two: one asks, another one does it. `sealed` holds the words (why it is to be closed, the report).
CREATE TABLE case_proposal (
    id         BLOB PRIMARY KEY,
    room       BLOB NOT NULL REFERENCES case_room (id),
    kind       TEXT NOT NULL,
    by         BLOB NOT NULL REFERENCES account (id),
    at         BIGINT NOT NULL,
    -- The person who is to be let in, or the organisation that is to lead.
    subject    BLOB,
    sealed     BLOB,
    state      TEXT NOT NULL,
    ended_by   BLOB REFERENCES account (id),
    ended_at   BIGINT
);
CREATE INDEX case_proposal_room ON case_proposal (room, state);

-- Rooms that were erased, by their ids: the journal of erasures names them, so that a restored backup doesn't bring them back.
CREATE TABLE case_gone (
    id BLOB PRIMARY KEY,
    at BIGINT NOT NULL
);
CREATE INDEX case_gone_at ON case_gone (at);
