-- Studies, and what becomes of each recommendation.

-- `countries` and `themes` are codes of the vocabulary between spaces, with one at each end; no country: the whole region. `file`
-- is the document that hangs on it.
CREATE TABLE study (
    id           BLOB PRIMARY KEY,
    title        TEXT NOT NULL,
    summary      TEXT NOT NULL,
    language     TEXT NOT NULL,
    countries    TEXT NOT NULL,
    themes       TEXT NOT NULL,
    year         BIGINT NOT NULL,
    publisher    TEXT NOT NULL,
    link         TEXT,
    file         BLOB,
    marking      TEXT NOT NULL CHECK (marking IN ('clear', 'green', 'amber', 'amber+strict')),
    author       BLOB NOT NULL REFERENCES account (id),
    organisation BLOB REFERENCES organisation (id),
    revision     BIGINT NOT NULL DEFAULT 0,
    created_at   BIGINT NOT NULL,
    changed_at   BIGINT NOT NULL
);
CREATE INDEX study_year ON study (year, id);
CREATE INDEX study_author ON study (author);

-- What a study recommends, in its order, and to whom. `due` is a day. `reason`: why it was rejected.
CREATE TABLE recommendation (
    id         BLOB PRIMARY KEY,
    study      BLOB NOT NULL REFERENCES study (id),
    place      BIGINT NOT NULL,
    text       TEXT NOT NULL,
    owner      BLOB REFERENCES organisation (id),
    state      TEXT NOT NULL CHECK (state IN ('open', 'in_progress', 'done', 'rejected')),
    due        TEXT,
    note       TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    UNIQUE (study, place)
);
CREATE INDEX recommendation_owner ON recommendation (owner, state);
CREATE INDEX recommendation_due ON recommendation (due, id);

-- Its states, the first one with it, kept for ever.
CREATE TABLE recommendation_state (
    recommendation BLOB NOT NULL REFERENCES recommendation (id),
    at             BIGINT NOT NULL,
    by             BLOB NOT NULL REFERENCES account (id),
    state          TEXT NOT NULL,
    note           TEXT NOT NULL,
    PRIMARY KEY (recommendation, at)
);
