-- Who has been confirmed to be who they say, by whom, how, and until when.

-- `sponsor` invited this person. `accredited_until` (microseconds) is empty until a second person has confirmed who it is:
-- until then the account is pending. Access ends with it. `left_at`: this person no longer works there.
ALTER TABLE account ADD COLUMN sponsor BLOB REFERENCES account (id);
ALTER TABLE account ADD COLUMN accredited_until BIGINT;
ALTER TABLE account ADD COLUMN left_at BIGINT;
-- Who was here before there was vetting keeps a year, as a fresh accreditation has.
UPDATE account SET accredited_until = created_at + 31622400000000;

-- Every confirmation and renewal. `confirmed_by` is empty for the operator, on the machine itself. `how` and `note` say by
-- which way outside of the platform.
CREATE TABLE accreditation (
    id           BLOB PRIMARY KEY,
    account      BLOB NOT NULL REFERENCES account (id),
    confirmed_at BIGINT NOT NULL,
    confirmed_by BLOB REFERENCES account (id),
    how          TEXT NOT NULL,
    note         TEXT,
    until        BIGINT NOT NULL
);
CREATE INDEX accreditation_account ON accreditation (account, confirmed_at);
CREATE INDEX account_accredited_until ON account (accredited_until);

-- One role more: the auditor reads the record. ('focal_point' waits for organisations.)
CREATE TABLE role_grant_2 (
    id         BLOB PRIMARY KEY,
    account    BLOB NOT NULL REFERENCES account (id),
    role       TEXT NOT NULL CHECK (role IN ('administrator', 'moderator', 'auditor', 'focal_point')),
    scope      TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by BLOB REFERENCES account (id),
    UNIQUE (account, role, scope)
);
INSERT INTO role_grant_2 SELECT id, account, role, scope, created_at, created_by FROM role_grant;
DROP TABLE role_grant;
ALTER TABLE role_grant_2 RENAME TO role_grant;
