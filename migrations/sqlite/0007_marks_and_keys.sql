-- Read marks that go both ways, calls that are counted cheaply, and requests that are told apart.

-- Reading one topic does not read the rest of its channel. A topic's own mark stands in place of its channel's, further
-- or not: that is how a topic is marked as unread again. Marking the whole channel takes the marks of its topics away,
-- so a mark that is here is younger than its channel's. Kept by channel, because that is how they are asked for.
CREATE TABLE topic_mark (
    account BLOB NOT NULL REFERENCES account (id),
    channel BLOB NOT NULL REFERENCES channel (id),
    topic   BLOB NOT NULL REFERENCES topic (id),
    seq     BIGINT NOT NULL,
    PRIMARY KEY (account, channel, topic)
);
-- Until now the further of the two marks counted, so those that lie behind meant nothing. A mark beyond the topic's last
-- message is one of a channel that the topic has left since: it reads what is there, not what is still to come.
INSERT INTO topic_mark (account, channel, topic, seq)
    SELECT r.account, t.channel, r.topic, CASE WHEN r.seq > t.last_seq THEN t.last_seq ELSE r.seq END
    FROM topic_read r JOIN topic t ON t.id = r.topic JOIN membership m ON m.channel = t.channel AND m.account = r.account
    WHERE r.seq > m.read_seq AND t.last_seq > m.read_seq;
DROP TABLE topic_read;

-- SHA-256 of the request that came with an idempotency key: the same key for something else is refused.
ALTER TABLE message ADD COLUMN request BLOB;
-- Where a message was posted, once its topic has moved: a reference that is sent again is answered as it was then, and
-- doesn't tell where the topic went.
ALTER TABLE message ADD COLUMN first_channel BLOB;
ALTER TABLE message ADD COLUMN first_seq BIGINT;

-- Who was called by name, and where that is: what is unread of it is then one range of the key, without a look at the
-- messages. Nobody is called by their own message.
ALTER TABLE mention RENAME TO mention_before;
CREATE TABLE mention (
    account BLOB NOT NULL REFERENCES account (id),
    channel BLOB NOT NULL REFERENCES channel (id),
    topic   BLOB NOT NULL REFERENCES topic (id),
    seq     BIGINT NOT NULL,
    message BIGINT NOT NULL REFERENCES message (n),
    PRIMARY KEY (account, channel, topic, seq)
);
INSERT INTO mention (account, channel, topic, seq, message)
    SELECT n.account, m.channel, m.topic, m.seq, m.n FROM mention_before n JOIN message m ON m.n = n.message
    WHERE m.author <> n.account;
DROP TABLE mention_before;
CREATE INDEX mention_message ON mention (message);
