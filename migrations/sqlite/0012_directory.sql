-- Who can help with what, and where: organisations, what people say of themselves, who answers for whom.

-- An organisation. `kind` is an `org_type` of the vocabulary; `regime` is the law under which it keeps personal data, a
-- property of the organisation and not of its people. `country` is empty for those who serve the whole region. `name_key` is
-- the folded name: two organisations of a country never differ by case or accents alone. `host` is its website's host name.
-- `helps` and `speaks` are codes of the vocabulary between spaces. `confirmed_at`: somebody looked at the entry and said that
-- it is true.
CREATE TABLE organisation (
    id           BLOB PRIMARY KEY,
    name         TEXT NOT NULL,
    name_key     TEXT NOT NULL,
    short_name   TEXT,
    kind         TEXT NOT NULL,
    country      TEXT,
    regime       TEXT NOT NULL CHECK (regime IN ('gdpr', 'led', 'io')),
    host         TEXT,
    description  TEXT,
    helps        TEXT NOT NULL,
    speaks       TEXT NOT NULL,
    confirmed_at BIGINT,
    confirmed_by BLOB REFERENCES account (id),
    created_at   BIGINT NOT NULL,
    created_by   BLOB REFERENCES account (id)
);
CREATE INDEX organisation_name ON organisation (name_key, id);

-- Where somebody works. `organisation` keeps the name as others show it, in step with this. Names that were typed before
-- there were organisations find theirs when the server starts: ids and folded names are not for SQL to make.
ALTER TABLE account ADD COLUMN organisation_id BLOB REFERENCES organisation (id);
CREATE INDEX account_organisation ON account (organisation_id);

-- What somebody says of themselves: languages, what they can help with, one line on it, when they can be reached.
CREATE TABLE directory_entry (
    account      BLOB PRIMARY KEY REFERENCES account (id),
    helps        TEXT NOT NULL,
    speaks       TEXT NOT NULL,
    offer        TEXT,
    availability TEXT,
    confirmed_at BIGINT NOT NULL
);

-- Who answers for an organisation, for everything or for one theme. The power itself is the grant `focal_point` of this
-- scope: taken back elsewhere, it takes the naming with it.
CREATE TABLE focal_point (
    organisation BLOB NOT NULL REFERENCES organisation (id),
    account      BLOB NOT NULL REFERENCES account (id),
    scope        TEXT NOT NULL,
    theme        TEXT,
    PRIMARY KEY (organisation, account)
);
CREATE INDEX focal_point_account ON focal_point (account);

-- Somebody of the country has dialled or looked up the numbers of its card.
CREATE TABLE country_confirmation (
    country      TEXT PRIMARY KEY,
    confirmed_at BIGINT NOT NULL,
    confirmed_by BLOB NOT NULL REFERENCES account (id)
);
