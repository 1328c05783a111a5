-- Files: bytes lie encrypted in the data folder, under random names; here is what is known of them.
-- `key` is the file's own key, sealed with the one outside the data folder: with the row the file is gone for good, whatever is
-- left on a disk. `blob` and `thumb` name what lies in the folder. While it comes in (`state` uploading) `size` is what was
-- announced. `holder_kind` and `holder` say what it hangs on; without them it is its owner's alone, and gone a day after
-- `loose_at`.
CREATE TABLE file (
    id          BLOB PRIMARY KEY,
    owner       BLOB NOT NULL REFERENCES account (id),
    state       TEXT NOT NULL CHECK (state IN ('uploading', 'ready')),
    name        TEXT NOT NULL,
    media_type  TEXT NOT NULL,
    kind        TEXT NOT NULL CHECK (kind IN ('image', 'document', 'other')),
    size        BIGINT NOT NULL,
    width       BIGINT,
    height      BIGINT,
    key         BLOB NOT NULL,
    blob        TEXT NOT NULL UNIQUE,
    thumb       TEXT UNIQUE,
    thumb_size  BIGINT,
    holder_kind TEXT,
    holder      BLOB,
    place       BIGINT NOT NULL DEFAULT 0,
    created_at  BIGINT NOT NULL,
    loose_at    BIGINT NOT NULL
);
CREATE INDEX file_owner ON file (owner);
CREATE INDEX file_holder ON file (holder_kind, holder, place) WHERE holder IS NOT NULL;
CREATE INDEX file_loose ON file (loose_at) WHERE holder IS NULL;

-- Files that were erased: the journal of erasures names them, so that a restored backup doesn't bring them back.
CREATE TABLE file_gone (
    id BLOB PRIMARY KEY,
    at BIGINT NOT NULL
);
CREATE INDEX file_gone_at ON file_gone (at);

-- What has still to be removed from the folder.
CREATE TABLE file_doomed (
    blob TEXT PRIMARY KEY
);

-- What somebody has announced in a day, in bytes. `day` is counted from 1970.
CREATE TABLE file_day (
    account BLOB NOT NULL REFERENCES account (id),
    day     BIGINT NOT NULL,
    bytes   BIGINT NOT NULL,
    PRIMARY KEY (account, day)
);
