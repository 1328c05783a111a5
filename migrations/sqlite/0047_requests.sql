-- Coordination requests between two organisations. What they say is sealed (`words`, `reply`): a stolen database shows that one
-- organisation has asked another one for something of a kind, and not what. Nothing of them is in the search index.

-- `kind`, `urgency`, `state`, `outcome` and `ground` are words of the slice. Times are microseconds. `zone` is the time zone of the
-- asked country when it was sent; `due_first` as it was set then, `due_at` as it is after the clock has stood still for `stood`;
-- `stands_since`: it stands still now. `escalate_at`: when it is next to be told that nobody has answered.
CREATE TABLE coordination_request (
    id              BLOB PRIMARY KEY,
    kind            TEXT NOT NULL,
    asker           BLOB NOT NULL REFERENCES organisation (id),
    asked           BLOB NOT NULL REFERENCES organisation (id),
    author          BLOB NOT NULL REFERENCES account (id),
    screener        BLOB REFERENCES account (id),
    handler         BLOB REFERENCES account (id),
    words           BLOB NOT NULL,
    urgency         TEXT NOT NULL CHECK (urgency IN ('h8', 'd3', 'd7')),
    marking         TEXT NOT NULL,
    labels          TEXT,
    exercise        BLOB,
    state           TEXT NOT NULL,
    screened_by     BLOB REFERENCES account (id),
    sent_at         BIGINT,
    zone            TEXT,
    due_first       BIGINT,
    due_at          BIGINT,
    stood           BIGINT NOT NULL DEFAULT 0,
    stands_since    BIGINT,
    acknowledged_at BIGINT,
    acknowledged_by BLOB REFERENCES account (id),
    answered_at     BIGINT,
    answered_by     BLOB REFERENCES account (id),
    outcome         TEXT,
    ground          TEXT,
    competent       BLOB REFERENCES organisation (id),
    reply           BLOB,
    escalation      BIGINT NOT NULL DEFAULT 0,
    escalate_at     BIGINT,
    forwarded_from  BLOB,
    forwarded_to    BLOB,
    closed_at       BIGINT,
    closing         TEXT,
    created_at      BIGINT NOT NULL,
    changed_at      BIGINT NOT NULL,
    revision        BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX coordination_request_asker ON coordination_request (asker, sent_at);
CREATE INDEX coordination_request_asked ON coordination_request (asked, state);
CREATE INDEX coordination_request_author ON coordination_request (author);
CREATE INDEX coordination_request_screener ON coordination_request (screener) WHERE screener IS NOT NULL;
CREATE INDEX coordination_request_handler ON coordination_request (handler) WHERE handler IS NOT NULL;
CREATE INDEX coordination_request_escalate ON coordination_request (escalate_at) WHERE escalate_at IS NOT NULL;
CREATE INDEX coordination_request_exercise ON coordination_request (exercise) WHERE exercise IS NOT NULL;
