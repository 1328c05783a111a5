-- The library of good practices, and how a practice comes into it.

-- A practice. `content` is the filled-in template as JSON (library/model.rs), as it stands now; `title`, `summary` and `language`
-- repeat it for lists, `tags` what it is found by, such as `country:AL stage:primary`. `version` is 0 until it is published and
-- rises with every change after that; `reviewed_version` is the one that was last reviewed or confirmed. `round` counts how often
-- it was handed in. `reason` says why it was sent back, archived or withdrawn, and stays visible. `topic` is where it is talked
-- about, `parent` what it adapts. That a review is due is read from `review_due_at` by the clock.
CREATE TABLE practice (
    id               BLOB PRIMARY KEY,
    author           BLOB NOT NULL REFERENCES account (id),
    organisation     BLOB REFERENCES organisation (id),
    marking          TEXT NOT NULL CHECK (marking IN ('clear', 'green', 'amber', 'amber+strict')),
    state            TEXT NOT NULL CHECK (state IN ('draft', 'submitted', 'screening', 'peer_review', 'revision', 'published',
                                                    'archived', 'withdrawn')),
    language         TEXT NOT NULL,
    title            TEXT NOT NULL,
    summary          TEXT NOT NULL,
    tags             TEXT NOT NULL,
    content          TEXT NOT NULL,
    level            INTEGER NOT NULL DEFAULT 0 CHECK (level BETWEEN 0 AND 5),
    level_by         BLOB REFERENCES account (id),
    level_at         BIGINT,
    level_why        TEXT,
    round            INTEGER NOT NULL DEFAULT 0,
    version          INTEGER NOT NULL DEFAULT 0,
    reviewed_version INTEGER NOT NULL DEFAULT 0,
    reason           TEXT,
    parent           BLOB REFERENCES practice (id),
    topic            BLOB REFERENCES topic (id),
    screened_by      BLOB REFERENCES account (id),
    created_at       BIGINT NOT NULL,
    changed_at       BIGINT NOT NULL,
    published_at     BIGINT,
    review_due_at    BIGINT,
    CHECK (level = 0 OR level_by IS NULL OR level_by <> author)
);
CREATE INDEX practice_author ON practice (author, changed_at);
CREATE INDEX practice_parent ON practice (parent) WHERE parent IS NOT NULL;
CREATE INDEX practice_topic ON practice (topic) WHERE topic IS NOT NULL;

-- The organisations that take part in it beside its own.
CREATE TABLE practice_partner (
    practice     BLOB NOT NULL REFERENCES practice (id) ON DELETE CASCADE,
    organisation BLOB NOT NULL REFERENCES organisation (id),
    PRIMARY KEY (practice, organisation)
) WITHOUT ROWID;

-- Who was named to review it, and by whom.
CREATE TABLE practice_reviewer (
    practice BLOB NOT NULL REFERENCES practice (id) ON DELETE CASCADE,
    account  BLOB NOT NULL REFERENCES account (id),
    named_by BLOB REFERENCES account (id),
    named_at BIGINT NOT NULL,
    PRIMARY KEY (practice, account)
) WITHOUT ROWID;
CREATE INDEX practice_reviewer_account ON practice_reviewer (account);

-- What a reviewer has said in a round: the level that the evidence carries, whether to publish, and why.
CREATE TABLE practice_review (
    practice BLOB NOT NULL REFERENCES practice (id) ON DELETE CASCADE,
    account  BLOB NOT NULL REFERENCES account (id),
    round    INTEGER NOT NULL,
    level    INTEGER NOT NULL CHECK (level BETWEEN 0 AND 5),
    verdict  TEXT NOT NULL CHECK (verdict IN ('publish', 'revise')),
    note     TEXT NOT NULL,
    at       BIGINT NOT NULL,
    PRIMARY KEY (practice, account, round)
) WITHOUT ROWID;

-- A report of harm. It stands, and stops every promotion, until an editor has answered it; then it stays readable.
CREATE TABLE practice_harm (
    id          BLOB PRIMARY KEY,
    practice    BLOB NOT NULL REFERENCES practice (id) ON DELETE CASCADE,
    by_account  BLOB NOT NULL REFERENCES account (id),
    at          BIGINT NOT NULL,
    what        TEXT NOT NULL,
    answered_by BLOB REFERENCES account (id),
    answered_at BIGINT,
    answer      TEXT,
    CHECK ((answered_at IS NULL) = (answer IS NULL))
);
CREATE INDEX practice_harm_practice ON practice_harm (practice, at);

-- How far it came when, through whom, and what they said.
CREATE TABLE practice_step (
    id       BLOB PRIMARY KEY,
    practice BLOB NOT NULL REFERENCES practice (id) ON DELETE CASCADE,
    at       BIGINT NOT NULL,
    by_account BLOB NOT NULL REFERENCES account (id),
    state    TEXT NOT NULL,
    note     TEXT
);
CREATE INDEX practice_step_practice ON practice_step (practice, at);
