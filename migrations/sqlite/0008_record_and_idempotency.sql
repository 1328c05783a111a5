-- How many acts have been recorded, kept apart from the record itself so that an emptied or shortened one is noticed.
-- The hash of the last act joins the number with the next act.
INSERT INTO setting (key, value) SELECT 'audit.head', CAST(count(*) AS TEXT) FROM audit WHERE true
    ON CONFLICT (key) DO NOTHING;

-- Answers to requests that came with an `Idempotency-Key`, kept for a day so that the same request again is answered the
-- same and nothing is done twice. `key_hash` is all that is kept of the key; `request_hash` tells the same request from
-- another one.
CREATE TABLE idempotency (
    account      BLOB NOT NULL REFERENCES account (id),
    key_hash     BLOB NOT NULL,
    request_hash BLOB NOT NULL,
    status       BIGINT NOT NULL,
    content_type TEXT,
    body         BLOB NOT NULL,
    created_at   BIGINT NOT NULL,
    PRIMARY KEY (account, key_hash)
);
CREATE INDEX idempotency_created ON idempotency (created_at);
