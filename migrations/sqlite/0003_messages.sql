-- What is said. `n` is the row's own number, in posting order over the whole region: the search index uses it.
-- `seq` is the place in the channel, `changed_seq` the last change: catching up is one range of an index.
-- `html` is rendered once, when written. `reactions` is the JSON that readers get.
CREATE TABLE message (
    n           INTEGER PRIMARY KEY,
    id          BLOB NOT NULL UNIQUE,
    channel     BLOB NOT NULL REFERENCES channel (id),
    seq         BIGINT NOT NULL,
    changed_seq BIGINT NOT NULL,
    topic       BLOB NOT NULL REFERENCES topic (id),
    author      BLOB NOT NULL REFERENCES account (id),
    ref         BLOB,
    body        TEXT NOT NULL,
    html        TEXT NOT NULL,
    marking     TEXT NOT NULL,
    quote       BLOB,
    mentions    TEXT,
    reactions   TEXT,
    posted_at   BIGINT NOT NULL,
    edited_at   BIGINT,
    deleted_at  BIGINT,
    deleted_by  BLOB REFERENCES account (id),
    pinned_at   BIGINT,
    pinned_by   BLOB REFERENCES account (id)
);
CREATE UNIQUE INDEX message_seq ON message (channel, seq);
CREATE UNIQUE INDEX message_changed ON message (channel, changed_seq);
CREATE INDEX message_topic ON message (topic, seq);
-- The same reference from the same author is the same message, however often it is sent.
CREATE UNIQUE INDEX message_ref ON message (author, ref);
CREATE INDEX message_pinned ON message (channel, pinned_at) WHERE pinned_at IS NOT NULL;

-- Earlier wordings. Erased with the message.
CREATE TABLE message_revision (
    message BIGINT NOT NULL REFERENCES message (n),
    at      BIGINT NOT NULL,
    body    TEXT NOT NULL,
    html    TEXT NOT NULL,
    PRIMARY KEY (message, at)
);

-- Who was called by name.
CREATE TABLE mention (
    account BLOB NOT NULL REFERENCES account (id),
    message BIGINT NOT NULL REFERENCES message (n),
    PRIMARY KEY (account, message)
);
CREATE INDEX mention_message ON mention (message);
