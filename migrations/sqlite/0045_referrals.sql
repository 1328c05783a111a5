-- Referrals between organisations and across borders. What is said in them is sealed to the people of both sides; the columns are
-- what the clocks need.

-- `reference` is random, and not the case's. `case_id` is the room it comes from, which the receiving side never learns.
-- `arrival_hours`: how long after the hand-over the arrival is due. `alarm_at`: a child has not arrived in time, and the list of
-- what is done then was opened.
CREATE TABLE referral (
    id            BLOB PRIMARY KEY,
    reference     TEXT NOT NULL UNIQUE,
    case_id       BLOB NOT NULL,
    from_org      BLOB NOT NULL REFERENCES organisation (id),
    to_org        BLOB REFERENCES organisation (id),
    from_country  TEXT NOT NULL,
    to_country    TEXT,
    state         TEXT NOT NULL,
    exercise      BLOB REFERENCES exercise (id),
    author        BLOB NOT NULL REFERENCES account (id),
    revision      BIGINT NOT NULL DEFAULT 0,
    arrival_hours BIGINT NOT NULL,
    created_at    BIGINT NOT NULL,
    changed_at    BIGINT NOT NULL,
    arrival_due   BIGINT,
    alarm_at      BIGINT,
    closed_at     BIGINT,
    sealed        BLOB NOT NULL
);
CREATE INDEX referral_waiting ON referral (state, changed_at);
CREATE INDEX referral_arrival ON referral (arrival_due) WHERE state = 'handed_over';
CREATE INDEX referral_closed ON referral (closed_at) WHERE closed_at IS NOT NULL;
CREATE INDEX referral_exercise ON referral (exercise) WHERE exercise IS NOT NULL;

-- Who was let in, and on which side. Whether they still may is asked each time.
CREATE TABLE referral_person (
    referral BLOB NOT NULL REFERENCES referral (id),
    account  BLOB NOT NULL REFERENCES account (id),
    side     TEXT NOT NULL CHECK (side IN ('sender', 'receiver')),
    PRIMARY KEY (referral, account)
);
CREATE INDEX referral_person_account ON referral_person (account);

-- The steps, in their order. What was said with one is sealed.
CREATE TABLE referral_step (
    referral BLOB NOT NULL REFERENCES referral (id),
    n        BIGINT NOT NULL,
    act      TEXT NOT NULL,
    author   BLOB REFERENCES account (id),
    at       BIGINT NOT NULL,
    sealed   BLOB,
    PRIMARY KEY (referral, n)
);

-- What was done when a child had not arrived: who has ticked it, and when.
CREATE TABLE referral_tick (
    referral BLOB NOT NULL REFERENCES referral (id),
    step     TEXT NOT NULL,
    by       BLOB NOT NULL REFERENCES account (id),
    at       BIGINT NOT NULL,
    PRIMARY KEY (referral, step)
);
