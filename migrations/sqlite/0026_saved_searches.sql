-- Searches that somebody keeps, with an alert or without.

-- `seen` is the number of the message up to which an alert has looked. `found_at` is when it has found something that its
-- person hasn't looked at yet.
CREATE TABLE saved_search (
    id         BLOB PRIMARY KEY,
    account    BLOB NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    name       TEXT NOT NULL,
    query      TEXT NOT NULL,
    alert      BOOLEAN NOT NULL,
    seen       BIGINT NOT NULL,
    looked_at  BIGINT NOT NULL,
    found_at   BIGINT,
    created_at BIGINT NOT NULL
);
CREATE INDEX saved_search_account ON saved_search (account, id);
CREATE INDEX saved_search_alert ON saved_search (looked_at) WHERE alert;
