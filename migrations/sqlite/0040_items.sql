-- What is found of practices, studies, campaigns, events and files, beside the messages: as it is to be found, and not what may
-- be shown of it, which is for the slice to say that it belongs to. It stands in `message_index` under the negative of `n`,
-- with tokens of its kind, countries and themes, and has no row in `message_fact`: no search among messages meets it.
CREATE TABLE item_text (
    n          INTEGER PRIMARY KEY,
    kind       TEXT NOT NULL,
    id         BLOB NOT NULL,
    title      TEXT NOT NULL,
    body       TEXT NOT NULL,
    -- As in `message_fact`.
    language   INTEGER NOT NULL,
    -- Tokens between blanks.
    tokens     TEXT NOT NULL,
    -- When it was shared or changed, or takes place.
    at         BIGINT NOT NULL,
    -- False while the index is being made anew.
    indexed    BOOLEAN NOT NULL,
    UNIQUE (kind, id)
);
CREATE INDEX item_unindexed ON item_text (n) WHERE NOT indexed;
