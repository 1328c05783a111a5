-- The record of acts: append-only, each row bound to the one before it by SHA-256. No content, no e-mail address.
CREATE TABLE audit (
    n         INTEGER PRIMARY KEY,
    at        BIGINT NOT NULL,
    actor     BLOB,
    act       TEXT NOT NULL,
    target    TEXT NOT NULL,
    detail    TEXT NOT NULL,
    hash      BLOB NOT NULL
);
