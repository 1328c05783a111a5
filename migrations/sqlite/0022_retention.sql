-- For how long things are kept.

-- How many days a channel keeps what is said in it. NULL: until somebody deletes it.
ALTER TABLE channel ADD COLUMN retention_days BIGINT CHECK (retention_days BETWEEN 1 AND 3650);

-- When the title of a topic was erased. It is empty from then on, until somebody gives the topic another one; `title_key` then
-- holds the id of the topic behind a line end, which no title has.
ALTER TABLE topic ADD COLUMN title_erased_at BIGINT;
CREATE INDEX topic_title_erased ON topic (title_erased_at) WHERE title_erased_at IS NOT NULL;

-- A clock that a restored backup had lost begins again from the journal of erasures, which doesn't name who took the message
-- back: `retracted_by` may be NULL; and so may `channel` and `author`, where the message is younger than the backup.
CREATE TABLE breach_2 (
    id           BLOB PRIMARY KEY,
    message      BLOB NOT NULL UNIQUE,
    channel      BLOB REFERENCES channel (id),
    author       BLOB REFERENCES account (id),
    reason       TEXT NOT NULL,
    note         BLOB,
    readers      BIGINT NOT NULL,
    posted_at    BIGINT NOT NULL,
    retracted_at BIGINT NOT NULL,
    retracted_by BLOB REFERENCES account (id),
    due_at       BIGINT NOT NULL,
    outcome      TEXT,
    finding      BLOB,
    closed_at    BIGINT,
    closed_by    BLOB REFERENCES account (id)
);
INSERT INTO breach_2 SELECT id, message, channel, author, reason, note, readers, posted_at, retracted_at, retracted_by, due_at,
    outcome, finding, closed_at, closed_by FROM breach;
DROP TABLE breach;
ALTER TABLE breach_2 RENAME TO breach;
CREATE INDEX breach_due ON breach (due_at) WHERE outcome IS NULL;
CREATE INDEX breach_retracted ON breach (retracted_at);

-- What is erased leaves nothing to compare with: neither the words of a restriction that somebody acknowledged, nor the hash of
-- the request it was posted by.
DELETE FROM message_acknowledgement WHERE message IN (SELECT n FROM message WHERE deleted_at IS NOT NULL);
UPDATE message SET request = NULL WHERE deleted_at IS NOT NULL AND request IS NOT NULL;
UPDATE held SET request = NULL WHERE sealed IS NULL AND request IS NOT NULL;
