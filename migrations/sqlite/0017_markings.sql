-- How things are to be handled: more than a marking, and what follows from it.

-- `marking` is what a post gets that names none, and the least that holds in the channel. `ceiling` is the strictest
-- marking that may be said in it: RED is for named people, so a channel that everybody may join carries none.
-- `grading`: source and information have to be graded with every post.
ALTER TABLE channel ADD COLUMN ceiling TEXT NOT NULL DEFAULT 'red';
ALTER TABLE channel ADD COLUMN grading BOOLEAN NOT NULL DEFAULT FALSE;
-- What was marked RED and open to all contradicts itself: the stricter word holds. Who belongs to it stays in it.
UPDATE channel SET kind = 'closed' WHERE kind = 'open' AND marking = 'red';
UPDATE channel SET ceiling = 'amber+strict' WHERE kind = 'open';

-- The labels beside the marking: handling codes, what may be done upon it, the grading, as JSON. NULL for those that go
-- without saying, as nearly always.
ALTER TABLE message ADD COLUMN labels TEXT;
-- When what is marked RED is erased (microseconds); its tombstone stays.
ALTER TABLE message ADD COLUMN expires_at BIGINT;
CREATE INDEX message_expires ON message (expires_at) WHERE expires_at IS NOT NULL;
-- What was RED before there was an end to it has one from now on: 30 days after it was posted, or after the last
-- message of the region if that is later, so that nobody loses on the day of the update what was there the day before.
UPDATE message SET expires_at = (SELECT max(posted_at) FROM message) + 2592000000000
    WHERE marking = 'red' AND deleted_at IS NULL;

-- Who has read what is RED: the first time, the last, and how often. Its author sees it, also when
-- the message is erased: who has seen it stays known.
CREATE TABLE message_reading (
    message  BIGINT NOT NULL REFERENCES message (n),
    account  BLOB NOT NULL REFERENCES account (id),
    first_at BIGINT NOT NULL,
    last_at  BIGINT NOT NULL,
    times    BIGINT NOT NULL,
    PRIMARY KEY (message, account)
);

-- Who has acknowledged the words of an H3, and what they then were: other words are to be acknowledged again.
CREATE TABLE message_acknowledgement (
    message     BIGINT NOT NULL REFERENCES message (n),
    account     BLOB NOT NULL REFERENCES account (id),
    restriction TEXT NOT NULL,
    at          BIGINT NOT NULL,
    PRIMARY KEY (message, account)
);

-- Whom the source of an H2 lets pass it on to: a channel.
CREATE TABLE message_release (
    message BIGINT NOT NULL REFERENCES message (n),
    channel BLOB NOT NULL REFERENCES channel (id),
    at      BIGINT NOT NULL,
    PRIMARY KEY (message, channel)
);

-- Only the source lowers a marking; others propose one. One proposal a person and message stands at a time; what was
-- decided is in the record.
CREATE TABLE marking_proposal (
    id      BLOB PRIMARY KEY,
    message BIGINT NOT NULL REFERENCES message (n),
    account BLOB NOT NULL REFERENCES account (id),
    marking TEXT NOT NULL,
    at      BIGINT NOT NULL,
    UNIQUE (message, account)
);
