-- What was taken back because it should never have been seen. With it begins the time within which the data-protection
-- officer decides whether the supervisory authority must be told (GDPR art. 33: 72 hours). The words are gone: the row says
-- where, why and whom it may have reached. `note` and `finding` are sealed like moderators' notes (0018).
-- `readers`: how many other people had read as far as there. `outcome`: notified, not_needed.
CREATE TABLE breach (
    id           BLOB PRIMARY KEY,
    message      BLOB NOT NULL UNIQUE,
    channel      BLOB NOT NULL REFERENCES channel (id),
    author       BLOB NOT NULL REFERENCES account (id),
    reason       TEXT NOT NULL,
    note         BLOB,
    readers      BIGINT NOT NULL,
    posted_at    BIGINT NOT NULL,
    retracted_at BIGINT NOT NULL,
    retracted_by BLOB NOT NULL REFERENCES account (id),
    due_at       BIGINT NOT NULL,
    outcome      TEXT,
    finding      BLOB,
    closed_at    BIGINT,
    closed_by    BLOB REFERENCES account (id)
);
CREATE INDEX breach_due ON breach (due_at) WHERE outcome IS NULL;

-- One role more: the data-protection officer keeps these clocks.
CREATE TABLE role_grant_2 (
    id         BLOB PRIMARY KEY,
    account    BLOB NOT NULL REFERENCES account (id),
    role       TEXT NOT NULL CHECK (role IN ('administrator', 'moderator', 'auditor', 'data_protection', 'focal_point')),
    scope      TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by BLOB REFERENCES account (id),
    UNIQUE (account, role, scope)
);
INSERT INTO role_grant_2 SELECT id, account, role, scope, created_at, created_by FROM role_grant;
DROP TABLE role_grant;
ALTER TABLE role_grant_2 RENAME TO role_grant;
