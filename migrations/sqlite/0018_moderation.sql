-- Moderation before it hurts: what waits for a moderator, and what moderators and readers do about what was said. Free
-- text of this file is sealed with the key that lies outside the data folder (`base/seal.rs`): a stolen database or a
-- backup doesn't open it.

-- What a channel asks of posts before everybody sees them. A channel without a row asks nothing.
-- `trigger_words` is a JSON list, as moderators typed it; `newcomer_posts` and `slow_seconds` are 0 where unused.
CREATE TABLE channel_policy (
    channel        BLOB PRIMARY KEY REFERENCES channel (id),
    hold_all       BOOLEAN NOT NULL,
    newcomer_posts BIGINT NOT NULL,
    slow_seconds   BIGINT NOT NULL,
    trigger_words  TEXT NOT NULL,
    changed_at     BIGINT NOT NULL,
    changed_by     BLOB NOT NULL REFERENCES account (id)
);

-- A post that waits. It is no message: it has no number, stands in no index and is counted nowhere. Released, the message
-- takes over its id and its `ref`. `sealed` holds the words and the rest of the draft; it is gone after a release or a
-- withdrawal, and at `erase_at` in any case. The row stays, so that the same `ref` is answered the same.
-- `state`: waiting, returned, refused, released, released_masked, withdrawn, expired. `reasons` are words separated by
-- spaces, `spans` a JSON list of byte ranges not to be shown before somebody has looked.
-- After an appeal `appealed_from` is who had decided: not the one who decides again.
CREATE TABLE held (
    id            BLOB PRIMARY KEY,
    channel       BLOB NOT NULL REFERENCES channel (id),
    author        BLOB NOT NULL REFERENCES account (id),
    ref           BLOB,
    request       BLOB,
    topic         BLOB,
    sealed        BLOB,
    reasons       TEXT NOT NULL,
    spans         TEXT NOT NULL,
    state         TEXT NOT NULL,
    created_at    BIGINT NOT NULL,
    deadline      BIGINT NOT NULL,
    erase_at      BIGINT NOT NULL,
    escalated_at  BIGINT,
    claimed_by    BLOB REFERENCES account (id),
    claimed_at    BIGINT,
    decided_by    BLOB REFERENCES account (id),
    appealed_at   BIGINT,
    appealed_from BLOB REFERENCES account (id),
    appeal        BLOB,
    dismissed_at  BIGINT
);
CREATE UNIQUE INDEX held_ref ON held (author, ref);
CREATE INDEX held_waiting ON held (deadline) WHERE state = 'waiting';
CREATE INDEX held_sealed ON held (erase_at) WHERE sealed IS NOT NULL;

-- What was decided about it, in order. `note` and `suggestion` are sealed, and erased with the words they are about.
CREATE TABLE held_decision (
    id         BLOB PRIMARY KEY,
    held       BLOB NOT NULL REFERENCES held (id),
    at         BIGINT NOT NULL,
    by         BLOB NOT NULL REFERENCES account (id),
    outcome    TEXT NOT NULL,
    reason     TEXT,
    note       BLOB,
    suggestion BLOB
);
CREATE INDEX held_decision_held ON held_decision (held, at);

-- Somebody says nothing within a scope until then. Ended early, it has `ended_at`.
CREATE TABLE mute (
    id         BLOB PRIMARY KEY,
    account    BLOB NOT NULL REFERENCES account (id),
    scope      TEXT NOT NULL,
    until      BIGINT NOT NULL,
    reason     BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    created_by BLOB NOT NULL REFERENCES account (id),
    ended_at   BIGINT
);
CREATE INDEX mute_account ON mute (account, until);

-- A word from a moderator to somebody, about what was said in a channel.
CREATE TABLE warning (
    id         BLOB PRIMARY KEY,
    account    BLOB NOT NULL REFERENCES account (id),
    channel    BLOB NOT NULL REFERENCES channel (id),
    note       BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    created_by BLOB NOT NULL REFERENCES account (id),
    seen_at    BIGINT
);
CREATE INDEX warning_account ON warning (account);

-- A message that a reader thinks somebody should look at. Once each.
CREATE TABLE report (
    id         BLOB PRIMARY KEY,
    message    BLOB NOT NULL,
    channel    BLOB NOT NULL REFERENCES channel (id),
    author     BLOB NOT NULL REFERENCES account (id),
    reporter   BLOB NOT NULL REFERENCES account (id),
    reason     TEXT NOT NULL,
    note       BLOB,
    created_at BIGINT NOT NULL,
    outcome    TEXT,
    closed_at  BIGINT,
    closed_by  BLOB REFERENCES account (id),
    UNIQUE (message, reporter)
);
CREATE INDEX report_open ON report (created_at) WHERE outcome IS NULL;

-- Suspending takes two: one proposes, another one confirms within a day.
CREATE TABLE suspension_proposal (
    id           BLOB PRIMARY KEY,
    account      BLOB NOT NULL REFERENCES account (id),
    reason       BLOB NOT NULL,
    proposed_by  BLOB NOT NULL REFERENCES account (id),
    proposed_at  BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL,
    confirmed_by BLOB REFERENCES account (id),
    ended_at     BIGINT,
    CHECK (confirmed_by IS NULL OR confirmed_by <> proposed_by)
);
CREATE INDEX suspension_proposal_account ON suspension_proposal (account);

-- How often what happened in which month (`2026-11`), for everybody to see. Counts only, so that nothing else must be kept
-- for it.
CREATE TABLE moderation_count (
    month TEXT NOT NULL,
    kind  TEXT NOT NULL,
    count BIGINT NOT NULL,
    PRIMARY KEY (month, kind)
);
