-- The rooms of the house and what is talked about in them.

-- `seq` is the number of the last durable change; every change takes the next one inside its own transaction.
-- `number` is the channel's short token in the search index. `listed` channels are known to every member of the
-- platform even when they are closed. `direct_key` names the set of people of a direct channel.
CREATE TABLE channel (
    id             BLOB PRIMARY KEY,
    number         BIGINT NOT NULL UNIQUE,
    kind           TEXT NOT NULL CHECK (kind IN ('open', 'closed', 'direct')),
    purpose        TEXT NOT NULL CHECK (purpose IN ('country', 'theme', 'lobby', 'newcomers', 'cell', 'group', 'direct')),
    slug           TEXT UNIQUE,
    name_en        TEXT,
    name_fr        TEXT,
    description_en TEXT,
    description_fr TEXT,
    country        TEXT,
    theme          TEXT,
    marking        TEXT NOT NULL,
    listed         BOOLEAN NOT NULL,
    general        BLOB NOT NULL,
    seq            BIGINT NOT NULL DEFAULT 0,
    direct_key     BLOB UNIQUE,
    archived_at    BIGINT,
    created_at     BIGINT NOT NULL,
    created_by     BLOB REFERENCES account (id)
);

-- Who belongs to a channel, and how far this person has read: one mark instead of a row per message.
CREATE TABLE membership (
    channel  BLOB NOT NULL REFERENCES channel (id),
    account  BLOB NOT NULL REFERENCES account (id),
    since    BIGINT NOT NULL,
    read_seq BIGINT NOT NULL,
    PRIMARY KEY (channel, account)
);
CREATE INDEX membership_account ON membership (account, channel);

-- A wish to be admitted to a closed channel.
CREATE TABLE join_request (
    channel    BLOB NOT NULL REFERENCES channel (id),
    account    BLOB NOT NULL REFERENCES account (id),
    created_at BIGINT NOT NULL,
    PRIMARY KEY (channel, account)
);

-- `title_key` is the folded title: two topics of one channel never differ by case or accents alone.
-- `messages` counts what was posted, tombstones included.
CREATE TABLE topic (
    id          BLOB PRIMARY KEY,
    channel     BLOB NOT NULL REFERENCES channel (id),
    title       TEXT NOT NULL,
    title_key   TEXT NOT NULL,
    general     BOOLEAN NOT NULL,
    messages    BIGINT NOT NULL DEFAULT 0,
    last_seq    BIGINT NOT NULL DEFAULT 0,
    last_at     BIGINT NOT NULL,
    changed_seq BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    created_by  BLOB REFERENCES account (id),
    resolved_at BIGINT,
    resolved_by BLOB REFERENCES account (id),
    UNIQUE (channel, title_key)
);
CREATE INDEX topic_changed ON topic (channel, changed_seq);
CREATE INDEX topic_activity ON topic (channel, last_at);

-- Country and theme of a topic: what puts it into a cell of the grid.
CREATE TABLE topic_tag (
    topic BLOB NOT NULL REFERENCES topic (id),
    kind  TEXT NOT NULL CHECK (kind IN ('country', 'theme')),
    value TEXT NOT NULL,
    PRIMARY KEY (topic, kind, value)
);
CREATE INDEX topic_tag_value ON topic_tag (kind, value);

-- A topic that left a channel; readers who come back later are told that it is gone, not where it went.
CREATE TABLE topic_departure (
    channel     BLOB NOT NULL REFERENCES channel (id),
    topic       BLOB NOT NULL REFERENCES topic (id),
    changed_seq BIGINT NOT NULL,
    PRIMARY KEY (channel, changed_seq)
);

-- Reading one topic does not read the rest of its channel. The further of the two marks counts.
CREATE TABLE topic_read (
    account BLOB NOT NULL REFERENCES account (id),
    topic   BLOB NOT NULL REFERENCES topic (id),
    seq     BIGINT NOT NULL,
    PRIMARY KEY (account, topic)
);
