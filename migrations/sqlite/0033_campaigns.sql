-- Campaigns: what organisations plan together, test, run and learn from.

-- What lists and boards ask for, in a row as short as it can be: what is long stands in `campaign_detail`. `countries`, `ages`
-- and `settings` are bits of the lists in campaigns/codes.rs. `stage` says who may know of it (0 those who work on it, 1 also
-- those who look after its countries, 2 whom its marking leaves), `strictness` is the place of its marking. Days are counted
-- from 1970-01-01, weeks from the Monday before: none for an idea without dates. `under_way`: it takes up its audience's
-- attention in its weeks, or is meant to. `practice` is the practice it adapts.
CREATE TABLE campaign (
    id           BLOB PRIMARY KEY,
    state        TEXT NOT NULL CHECK (state IN
        ('idea', 'planned', 'approved', 'pretested', 'running', 'paused', 'ended', 'evaluated', 'archived')),
    stage        SMALLINT NOT NULL CHECK (stage IN (0, 1, 2)),
    under_way    SMALLINT NOT NULL CHECK (under_way IN (0, 1)),
    strictness   SMALLINT NOT NULL,
    marking      TEXT NOT NULL,
    theme        TEXT NOT NULL,
    aim          TEXT NOT NULL,
    countries    BIGINT NOT NULL,
    ages         BIGINT NOT NULL,
    settings     BIGINT NOT NULL,
    first_day    BIGINT,
    last_day     BIGINT,
    first_week   BIGINT,
    last_week    BIGINT,
    author       BLOB NOT NULL REFERENCES account (id),
    organisation BLOB REFERENCES organisation (id),
    practice     BLOB,
    channel      BLOB REFERENCES channel (id),
    created_at   BIGINT NOT NULL,
    changed_at   BIGINT NOT NULL,
    title        TEXT NOT NULL,
    language     TEXT NOT NULL
);
CREATE INDEX campaign_state ON campaign (state, changed_at, id);
CREATE INDEX campaign_changed ON campaign (changed_at, id);
CREATE INDEX campaign_weeks ON campaign (first_week, last_week, under_way);
CREATE INDEX campaign_practice ON campaign (practice);
CREATE INDEX campaign_author ON campaign (author);
CREATE INDEX campaign_organisation ON campaign (organisation);

-- What it says, and how it came to where it is. `plan` and `pretest` are JSON of campaigns/model.rs; `helpline` is the line
-- that the plan names.
CREATE TABLE campaign_detail (
    campaign              BLOB PRIMARY KEY REFERENCES campaign (id),
    plan                  TEXT NOT NULL,
    helpline              TEXT,
    pretest               TEXT,
    results               TEXT,
    asked_by              BLOB REFERENCES account (id),
    asked_at              BIGINT,
    approved_by           BLOB REFERENCES account (id),
    approved_at           BIGINT,
    returned_by           BLOB REFERENCES account (id),
    returned_at           BIGINT,
    returned_note         TEXT,
    capacity_by           BLOB REFERENCES account (id),
    capacity_organisation BLOB REFERENCES organisation (id),
    capacity_at           BIGINT,
    capacity_note         TEXT
);

-- Those who were named to work on it beside who made it.
CREATE TABLE campaign_person (
    campaign BLOB NOT NULL REFERENCES campaign (id),
    account  BLOB NOT NULL REFERENCES account (id),
    PRIMARY KEY (campaign, account)
);
CREATE INDEX campaign_person_account ON campaign_person (account);

-- The organisations that take part in it.
CREATE TABLE campaign_partner (
    campaign     BLOB NOT NULL REFERENCES campaign (id),
    organisation BLOB NOT NULL REFERENCES organisation (id),
    PRIMARY KEY (campaign, organisation)
);
CREATE INDEX campaign_partner_organisation ON campaign_partner (organisation);

-- What it is measured by, in the order of its people. `series` is JSON: pairs of a week of the campaign and a value.
CREATE TABLE campaign_indicator (
    campaign BLOB NOT NULL REFERENCES campaign (id),
    place    SMALLINT NOT NULL,
    kind     TEXT NOT NULL,
    unit     TEXT NOT NULL,
    baseline DOUBLE PRECISION,
    target   DOUBLE PRECISION,
    actual   DOUBLE PRECISION,
    series   TEXT NOT NULL,
    PRIMARY KEY (campaign, place)
);

-- What it shows and hands out. Whoever has added something doesn't approve it. `file` is an id of the files.
CREATE TABLE campaign_material (
    id          BLOB PRIMARY KEY,
    campaign    BLOB NOT NULL REFERENCES campaign (id),
    title       TEXT NOT NULL,
    languages   TEXT NOT NULL,
    licence     TEXT NOT NULL,
    permission  TEXT NOT NULL,
    file        BLOB,
    added_by    BLOB NOT NULL REFERENCES account (id),
    added_at    BIGINT NOT NULL,
    approved_by BLOB REFERENCES account (id),
    approved_at BIGINT
);
CREATE INDEX campaign_material_campaign ON campaign_material (campaign, id);

-- How it came from state to state.
CREATE TABLE campaign_step (
    campaign BLOB NOT NULL REFERENCES campaign (id),
    at       BIGINT NOT NULL,
    account  BLOB NOT NULL REFERENCES account (id),
    state    TEXT NOT NULL,
    PRIMARY KEY (campaign, at, state)
);
