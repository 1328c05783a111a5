-- What takes place in the region, when and where, who comes, and what they are told of it.

-- `starts_at` and `ends_at` are moments in UTC; `zone` is the IANA time zone of the place, by whose clocks an event is kept and
-- shown. `countries` and `themes` are codes of the vocabulary between spaces, with one at each end; no country: the whole region.
-- `revision` counts the changes that calendars elsewhere must hear of. A cancelled event stays, with why.
CREATE TABLE event (
    id           BLOB PRIMARY KEY,
    title        TEXT NOT NULL,
    about        TEXT NOT NULL,
    language     TEXT NOT NULL,
    kind         TEXT NOT NULL CHECK (kind IN ('event', 'training', 'meeting', 'exercise', 'deadline')),
    countries    TEXT NOT NULL,
    themes       TEXT NOT NULL,
    starts_at    BIGINT NOT NULL,
    ends_at      BIGINT NOT NULL CHECK (ends_at >= starts_at),
    zone         TEXT NOT NULL,
    place        TEXT NOT NULL,
    link         TEXT,
    marking      TEXT NOT NULL CHECK (marking IN ('clear', 'green', 'amber', 'amber+strict')),
    author       BLOB NOT NULL REFERENCES account (id),
    organisation BLOB REFERENCES organisation (id),
    revision     BIGINT NOT NULL DEFAULT 0,
    cancelled_at BIGINT,
    cancelled_by BLOB REFERENCES account (id),
    cancelled_because TEXT,
    created_at   BIGINT NOT NULL,
    changed_at   BIGINT NOT NULL,
    CHECK ((cancelled_at IS NULL) = (cancelled_because IS NULL))
);
CREATE INDEX event_starts ON event (starts_at, id);
CREATE INDEX event_author ON event (author);

-- Who comes. One answer a person.
CREATE TABLE event_answer (
    event   BLOB NOT NULL REFERENCES event (id),
    account BLOB NOT NULL REFERENCES account (id),
    answer  TEXT NOT NULL CHECK (answer IN ('coming', 'maybe', 'no')),
    at      BIGINT NOT NULL,
    PRIMARY KEY (event, account)
);
CREATE INDEX event_answer_account ON event_answer (account);

-- What somebody who has answered is told: that it begins in a day or an hour, was changed or cancelled. The key is why nobody is
-- reminded twice, a restart or not. `seen_at`: looked at, or not to be told any more.
CREATE TABLE event_notice (
    event   BLOB NOT NULL REFERENCES event (id),
    account BLOB NOT NULL REFERENCES account (id),
    what    TEXT NOT NULL CHECK (what IN ('day', 'hour', 'changed', 'cancelled')),
    at      BIGINT NOT NULL,
    seen_at BIGINT,
    PRIMARY KEY (event, account, what)
);
CREATE INDEX event_notice_account ON event_notice (account) WHERE seen_at IS NULL;

-- The address at which a calendar elsewhere fetches what its person may take out: its secret's hash, and which countries and
-- themes (empty: all). One a person; made anew, the old address leads nowhere.
CREATE TABLE agenda_feed (
    account    BLOB PRIMARY KEY REFERENCES account (id),
    hash       BLOB NOT NULL UNIQUE,
    countries  TEXT NOT NULL,
    themes     TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    fetched_at BIGINT
);
