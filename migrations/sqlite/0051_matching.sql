-- Comparing values of two organisations' files without showing them. The server relays points of a group that both have blinded; it
-- keeps them until there is a result, and no value at any time.

-- `grounds`: the file number and the legal basis of who asks, locked with the key beside the data folder. `asked_points`: of who asks,
-- blinded once. `doubled_points`: the same, blinded by the answerer as well, in another order. `own_points`: the answerer's own, blinded
-- once. All three are null once it is over. `band`: 0, 1 or 2 for two and more.
CREATE TABLE matching (
    id             BLOB PRIMARY KEY,
    asker          BLOB NOT NULL REFERENCES account (id),
    asking         BLOB NOT NULL REFERENCES organisation (id),
    answerer       BLOB REFERENCES account (id),
    answering      BLOB NOT NULL REFERENCES organisation (id),
    grounds        BLOB NOT NULL,
    count_asked    BIGINT NOT NULL,
    state          TEXT NOT NULL CHECK (state IN ('asked', 'answered', 'done', 'stopped', 'expired')),
    band           BIGINT CHECK (band BETWEEN 0 AND 2),
    asked_points   BLOB,
    doubled_points BLOB,
    own_points     BLOB,
    asked_at       BIGINT NOT NULL,
    answered_at    BIGINT,
    ended_at       BIGINT,
    CHECK ((state IN ('done', 'stopped', 'expired')) = (ended_at IS NOT NULL)),
    CHECK (ended_at IS NULL OR (asked_points IS NULL AND doubled_points IS NULL AND own_points IS NULL)),
    CHECK ((state = 'done') = (band IS NOT NULL))
);
CREATE INDEX matching_asking ON matching (asking, asked_at);
CREATE INDEX matching_answering ON matching (answering, asked_at);
CREATE INDEX matching_state ON matching (state, asked_at);
