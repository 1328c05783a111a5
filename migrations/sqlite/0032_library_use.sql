-- What becomes of a practice once it is published.

-- Each version as it was read; `note` says what was changed.
CREATE TABLE practice_version (
    practice   BLOB NOT NULL REFERENCES practice (id) ON DELETE CASCADE,
    n          INTEGER NOT NULL,
    content    TEXT NOT NULL,
    by_account BLOB NOT NULL REFERENCES account (id),
    at         BIGINT NOT NULL,
    note       TEXT,
    PRIMARY KEY (practice, n)
);

-- The same in another language: made from a version of the original, by somebody, and read by somebody else (`checked_by`).
-- `machine`: it began as the text of a machine, and says so until it was checked.
CREATE TABLE practice_translation (
    practice   BLOB NOT NULL REFERENCES practice (id) ON DELETE CASCADE,
    language   TEXT NOT NULL,
    content    TEXT NOT NULL,
    of_version INTEGER NOT NULL,
    translator BLOB NOT NULL REFERENCES account (id),
    machine    BOOLEAN NOT NULL,
    checked_by BLOB REFERENCES account (id),
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (practice, language),
    CHECK (checked_by IS NULL OR checked_by <> translator)
);

-- Somebody of another organisation stands by it.
CREATE TABLE practice_endorsement (
    practice BLOB NOT NULL REFERENCES practice (id) ON DELETE CASCADE,
    account  BLOB NOT NULL REFERENCES account (id),
    at       BIGINT NOT NULL,
    PRIMARY KEY (practice, account)
) WITHOUT ROWID;

-- Somebody has used it in their country, and says how that went.
CREATE TABLE practice_use (
    practice BLOB NOT NULL REFERENCES practice (id) ON DELETE CASCADE,
    account  BLOB NOT NULL REFERENCES account (id),
    country  TEXT NOT NULL,
    note     TEXT NOT NULL,
    at       BIGINT NOT NULL,
    PRIMARY KEY (practice, account)
) WITHOUT ROWID;

-- What came of a campaign that has adapted it, in the campaign's own words and under its marking.
CREATE TABLE practice_result (
    practice     BLOB NOT NULL REFERENCES practice (id) ON DELETE CASCADE,
    campaign     BLOB NOT NULL,
    title        TEXT NOT NULL,
    result       TEXT NOT NULL,
    marking      TEXT NOT NULL,
    organisation BLOB REFERENCES organisation (id),
    by_account   BLOB NOT NULL REFERENCES account (id),
    at           BIGINT NOT NULL,
    PRIMARY KEY (practice, campaign)
) WITHOUT ROWID;
