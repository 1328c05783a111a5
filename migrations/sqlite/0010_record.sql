-- What makes the record and the channels checkable from outside the data folder.

-- Every durable change of a channel, in order, each row bound to the one before it by SHA-256:
-- hash = SHA-256(hash before || seq || kind || id || digest). `id` is the message or topic that changed. `digest` stands
-- for what it then said; it is empty once deleted, and a post that begins a topic has the topic's digest behind its own.
-- Written in the transaction of the change. The key clusters the rows of a channel, so that posting touches one page more;
-- a reference to the channel would cost every post a look-up, and `egida verify` checks what it would.
CREATE TABLE channel_change (
    channel BLOB NOT NULL,
    seq     BIGINT NOT NULL,
    kind    TEXT NOT NULL,
    id      BLOB NOT NULL,
    digest  BLOB NOT NULL,
    hash    BLOB NOT NULL,
    PRIMARY KEY (channel, seq)
) WITHOUT ROWID;

-- The change after which a channel's rows begin: 0, or where it stood when this came.
ALTER TABLE channel ADD COLUMN chained_from BIGINT NOT NULL DEFAULT 0;
UPDATE channel SET chained_from = seq;

-- 16 random bytes inside each digest. They are erased with the text: a deleted text can't be guessed from its digest.
ALTER TABLE message ADD COLUMN nonce BLOB;
ALTER TABLE topic ADD COLUMN nonce BLOB;

-- Heads of the record as they were signed. `line` is the one line of JSON that goes to another machine, `delivered_at` when
-- it had arrived there.
CREATE TABLE record_head (
    head         INTEGER PRIMARY KEY,
    at           BIGINT NOT NULL,
    line         TEXT NOT NULL,
    delivered_at BIGINT
);
CREATE INDEX record_head_waiting ON record_head (head) WHERE delivered_at IS NULL;

-- How far each channel had come when a head was signed; only channels that had moved since the head before. The head's
-- signature covers them.
CREATE TABLE record_mark (
    channel BLOB NOT NULL,
    head    BIGINT NOT NULL REFERENCES record_head (head),
    seq     BIGINT NOT NULL,
    hash    BLOB NOT NULL,
    PRIMARY KEY (channel, head)
) WITHOUT ROWID;

-- The record is read by person and by what was acted upon, latest first.
CREATE INDEX audit_actor ON audit (actor, n);
CREATE INDEX audit_target ON audit (target, n);
