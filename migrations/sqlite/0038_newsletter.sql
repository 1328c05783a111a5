-- The quarterly newsletter: composed by editors, released by somebody else, made of nothing but what is CLEAR (decision 0027).

-- An issue. `number` counts on; there is one a quarter at most. `languages` are codes of the glossary between spaces, the
-- first the one it is written in. `content` is what was handed in for release, as JSON, and `digest` its SHA-256: nobody
-- changes it, any change of the issue voids it. Once released it is what everybody reads.
CREATE TABLE newsletter_issue (
    id          BLOB PRIMARY KEY,
    number      BIGINT NOT NULL UNIQUE,
    year        BIGINT NOT NULL,
    quarter     BIGINT NOT NULL CHECK (quarter BETWEEN 1 AND 4),
    languages   TEXT NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('draft', 'asked', 'released')),
    created_at  BIGINT NOT NULL,
    created_by  BLOB NOT NULL REFERENCES account (id),
    changed_at  BIGINT NOT NULL,
    changed_by  BLOB NOT NULL REFERENCES account (id),
    asked_at    BIGINT,
    asked_by    BLOB REFERENCES account (id),
    content     TEXT,
    digest      BLOB,
    released_at BIGINT,
    released_by BLOB REFERENCES account (id),
    note        TEXT,
    UNIQUE (year, quarter),
    CHECK ((state = 'draft') = (content IS NULL)),
    CHECK ((state = 'released') = (released_by IS NOT NULL)),
    CHECK (released_by IS NULL OR released_by <> asked_by)
);

-- Everybody who has worked on an issue: none of them releases it.
CREATE TABLE newsletter_composer (
    issue   BLOB NOT NULL REFERENCES newsletter_issue (id),
    account BLOB NOT NULL REFERENCES account (id),
    PRIMARY KEY (issue, account)
);

-- The text of a section in a language, in Markdown; the section `title` is the issue's title.
CREATE TABLE newsletter_text (
    issue      BLOB NOT NULL REFERENCES newsletter_issue (id),
    section    TEXT NOT NULL,
    language   TEXT NOT NULL,
    body       TEXT NOT NULL,
    revision   BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    changed_by BLOB NOT NULL REFERENCES account (id),
    PRIMARY KEY (issue, section, language)
);

-- What was taken: title and summary as they were then. `thing` belongs to another slice, so nothing refers to it.
CREATE TABLE newsletter_item (
    id       BLOB PRIMARY KEY,
    issue    BLOB NOT NULL REFERENCES newsletter_issue (id),
    section  TEXT NOT NULL,
    kind     TEXT NOT NULL,
    thing    BLOB NOT NULL,
    title    TEXT NOT NULL,
    summary  TEXT NOT NULL,
    language TEXT NOT NULL,
    at       BIGINT NOT NULL,
    taken_at BIGINT NOT NULL,
    taken_by BLOB NOT NULL REFERENCES account (id),
    UNIQUE (issue, kind, thing)
);

-- Why a locked term of the glossary isn't in the text of a language.
CREATE TABLE newsletter_excuse (
    issue    BLOB NOT NULL REFERENCES newsletter_issue (id),
    concept  TEXT NOT NULL,
    language TEXT NOT NULL,
    reason   TEXT NOT NULL,
    at       BIGINT NOT NULL,
    by       BLOB NOT NULL REFERENCES account (id),
    PRIMARY KEY (issue, concept, language)
);

-- A source was asked to lower something from GREEN to CLEAR. Of each thing once, whatever the answer: nobody is pressed.
CREATE TABLE newsletter_request (
    id          BLOB PRIMARY KEY,
    issue       BLOB NOT NULL REFERENCES newsletter_issue (id),
    kind        TEXT NOT NULL,
    thing       BLOB NOT NULL,
    title       TEXT NOT NULL,
    source      BLOB NOT NULL REFERENCES account (id),
    asked_at    BIGINT NOT NULL,
    asked_by    BLOB NOT NULL REFERENCES account (id),
    state       TEXT NOT NULL CHECK (state IN ('open', 'yes', 'no')),
    answered_at BIGINT,
    reason      TEXT,
    UNIQUE (kind, thing),
    CHECK ((state = 'open') = (answered_at IS NULL)),
    CHECK (state <> 'no' OR reason IS NOT NULL)
);
CREATE INDEX newsletter_request_source ON newsletter_request (source, state);

-- A person's own word, given by themselves and taken back at any time, that the newsletter may name them among those who
-- are new.
CREATE TABLE newsletter_consent (
    account BLOB PRIMARY KEY REFERENCES account (id),
    at      BIGINT NOT NULL
);
