-- The search index, made anew (decision 0023). It knows of each message which words and stems it has, each once, without
-- their places: half the size, and a phrase is looked for in the message itself. `~c12` and `~a…` are tokens of channel and
-- author. It is filled again beside the running server; nothing here is more than what the messages say.
-- secure-delete: SQLite's own pragma of that name does not reach the terms of a deleted row.
DROP TABLE message_index;
CREATE VIRTUAL TABLE message_index USING fts5 (
    terms, content = '', columnsize = 0, detail = none, tokenize = "unicode61 remove_diacritics 0 tokenchars '~'"
);
INSERT INTO message_index (message_index, rank) VALUES ('secure-delete', 1);

-- What decides whether a hit is for the reader's eyes, in rows so short that hundreds lie on a page. `place` is twice the
-- channel's number, and one more for what is RED; `language` is the one it was indexed in, by its place in the list of the
-- text pipeline from 1 on; 0: not known.
CREATE TABLE message_fact (
    n        INTEGER PRIMARY KEY,
    place    INTEGER NOT NULL,
    language INTEGER NOT NULL
);

-- The words of the index and how many messages have each: the beginnings of words are looked up here. A word that no
-- message has any more is not here either.
CREATE TABLE message_term (
    term     TEXT PRIMARY KEY,
    messages INTEGER NOT NULL
) WITHOUT ROWID;

-- Its reach and what filled it are those of another index.
DELETE FROM setting WHERE key IN ('search.pipeline', 'search.reach');
