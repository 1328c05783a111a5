-- Four eyes: what one person asks for and another one approves, before it is done once (safety controls, 15).
-- `what` is JSON with the kind and its parameters, as they were asked for: nobody changes them afterwards; `upto`
-- is the number of its channel's last change then, for nothing that is said later leaves with it. `reason` is
-- sealed like moderators' notes (0018). `state`: waiting, approved, refused, withdrawn, used. After `expires_at` nothing
-- comes of it, whatever its state.
CREATE TABLE approval (
    id           BLOB PRIMARY KEY,
    what         TEXT NOT NULL,
    upto         BIGINT NOT NULL,
    reason       BLOB NOT NULL,
    asked_by     BLOB NOT NULL REFERENCES account (id),
    asked_at     BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('waiting', 'approved', 'refused', 'withdrawn', 'used')),
    decided_by   BLOB REFERENCES account (id),
    decided_at   BIGINT,
    used_at      BIGINT,
    CHECK (decided_by IS NULL OR decided_by <> asked_by),
    CHECK (state NOT IN ('approved', 'used') OR decided_by IS NOT NULL)
);
CREATE INDEX approval_expires ON approval (expires_at);
