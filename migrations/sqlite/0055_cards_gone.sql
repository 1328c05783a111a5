-- File cards that were erased, and comparisons that are over, by their ids: the journal of erasures names them, so that a restored
-- backup brings back neither a card nor anything that was blinded.
CREATE TABLE card_gone (
    id BLOB PRIMARY KEY,
    at BIGINT NOT NULL
);
CREATE INDEX card_gone_at ON card_gone (at);
