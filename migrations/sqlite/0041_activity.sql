-- How much is said in each topic in each week (numbered from the one that had 1 January 1970 in it, Monday to Sunday, UTC). It
-- follows the messages, and counts what was posted: what is deleted later was said all the same.
CREATE TABLE topic_week (
    week     BIGINT NOT NULL,
    topic    BLOB NOT NULL REFERENCES topic (id) ON DELETE CASCADE,
    messages BIGINT NOT NULL,
    PRIMARY KEY (week, topic)
) WITHOUT ROWID;
