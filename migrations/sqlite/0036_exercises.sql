-- Exercises: rooms with fictitious files to train in. At the end everything that was said in them is erased, and what remains is
-- what its people have written about it.

-- `country` and `theme` say who looks after it; neither: who looks after the whole region. `state`: `running`; `ending` from when it
-- is over until everything is erased, by a restart too; `ended`. `messages` and `writers` are counted when it is over.
CREATE TABLE exercise (
    id         BLOB PRIMARY KEY,
    title      TEXT NOT NULL,
    scenario   TEXT NOT NULL,
    language   TEXT NOT NULL,
    country    TEXT,
    theme      TEXT,
    leader     BLOB NOT NULL REFERENCES account (id),
    state      TEXT NOT NULL CHECK (state IN ('running', 'ending', 'ended')),
    started_at BIGINT NOT NULL,
    ends_at    BIGINT NOT NULL,
    ended_at   BIGINT,
    ended_by   BLOB REFERENCES account (id),
    wiped_at   BIGINT,
    messages   BIGINT,
    writers    BIGINT,
    CHECK ((state = 'running') = (ended_at IS NULL)),
    CHECK ((state = 'ended') = (wiped_at IS NOT NULL))
);
CREATE INDEX exercise_state ON exercise (state, ends_at);

-- Who takes part.
CREATE TABLE exercise_person (
    exercise BLOB NOT NULL REFERENCES exercise (id),
    account  BLOB NOT NULL REFERENCES account (id),
    PRIMARY KEY (exercise, account)
);
CREATE INDEX exercise_person_account ON exercise_person (account);

-- What its people have decided and learned.
CREATE TABLE exercise_lesson (
    id       BLOB PRIMARY KEY,
    exercise BLOB NOT NULL REFERENCES exercise (id),
    kind     TEXT NOT NULL CHECK (kind IN ('decision', 'lesson')),
    author   BLOB NOT NULL REFERENCES account (id),
    text     TEXT NOT NULL,
    at       BIGINT NOT NULL
);
CREATE INDEX exercise_lesson_exercise ON exercise_lesson (exercise, at);

-- The exercise that a channel belongs to: what is said in it is fictitious. `gone_at`: it was emptied and is there for nobody; its
-- row stays, because the chain of its changes does.
ALTER TABLE channel ADD COLUMN exercise BLOB REFERENCES exercise (id);
ALTER TABLE channel ADD COLUMN gone_at BIGINT;
CREATE INDEX channel_exercise ON channel (exercise) WHERE exercise IS NOT NULL;
