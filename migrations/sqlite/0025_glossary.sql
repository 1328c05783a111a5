-- Corrections to the glossary (server/vocabulary/glossary.tsv): proposed by members, accepted or refused by editors. The latest
-- accepted one of a concept and language is the word that stands; all of them are its history, kept for ever. `before` is
-- the word that stood when it was proposed. `overtaken_by`: refused because another proposal for the same word was accepted.
CREATE TABLE glossary_proposal (
    id           BLOB PRIMARY KEY,
    concept      TEXT NOT NULL,
    language     TEXT NOT NULL,
    before       TEXT NOT NULL,
    term         TEXT NOT NULL,
    reason       TEXT NOT NULL,
    proposed_by  BLOB NOT NULL REFERENCES account (id),
    proposed_at  BIGINT NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('open', 'accepted', 'refused')),
    decided_by   BLOB REFERENCES account (id),
    decided_at   BIGINT,
    note         TEXT,
    overtaken_by BLOB REFERENCES glossary_proposal (id),
    CHECK (decided_by IS NULL OR decided_by <> proposed_by OR overtaken_by IS NOT NULL),
    CHECK ((state = 'open') = (decided_at IS NULL)),
    CHECK ((state = 'open') = (decided_by IS NULL))
);
CREATE INDEX glossary_proposal_concept ON glossary_proposal (concept, language, state);
CREATE INDEX glossary_proposal_open ON glossary_proposal (id) WHERE state = 'open';
CREATE INDEX glossary_proposal_person ON glossary_proposal (proposed_by, state);

-- One role more: editors decide about what is proposed.
CREATE TABLE role_grant_2 (
    id         BLOB PRIMARY KEY,
    account    BLOB NOT NULL REFERENCES account (id),
    role       TEXT NOT NULL CHECK (role IN ('administrator', 'moderator', 'auditor', 'data_protection', 'focal_point', 'editor')),
    scope      TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by BLOB REFERENCES account (id),
    UNIQUE (account, role, scope)
);
INSERT INTO role_grant_2 SELECT id, account, role, scope, created_at, created_by FROM role_grant;
DROP TABLE role_grant;
ALTER TABLE role_grant_2 RENAME TO role_grant;
