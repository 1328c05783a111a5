-- The search index. `keys` holds tokens of channel and author, so that permission is part of the index query and not a join
-- after it. `text` is folded by base/text; the table keeps no copy of it. `rank` order is never used: newest first.
-- secure-delete: SQLite's own pragma of that name does not reach the terms of a deleted row.
CREATE VIRTUAL TABLE message_index USING fts5 (keys, text, content = '', tokenize = 'unicode61 remove_diacritics 0');
INSERT INTO message_index (message_index, rank) VALUES ('secure-delete', 1);

-- Facts about the data folder itself, such as the version of the text pipeline that filled the index.
CREATE TABLE setting (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
);
