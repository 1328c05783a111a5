-- What has become of a coordination request, step by step, kept with it: its two organisations read it and nobody else, which is
-- why its steps aren't in the record of the region.

-- `by` is empty for what time has done. `words`: what was said with it, sealed.
CREATE TABLE coordination_step (
    request BLOB NOT NULL REFERENCES coordination_request (id),
    n       BIGINT NOT NULL,
    at      BIGINT NOT NULL,
    by      BLOB REFERENCES account (id),
    what    TEXT NOT NULL,
    words   BLOB,
    PRIMARY KEY (request, n)
);

-- Who has read it, and when first.
CREATE TABLE coordination_reader (
    request BLOB NOT NULL REFERENCES coordination_request (id),
    account BLOB NOT NULL REFERENCES account (id),
    at      BIGINT NOT NULL,
    PRIMARY KEY (request, account)
);

-- Where it goes on, as each side has noted it: a channel made for what doesn't belong here, and the reference in it, sealed.
CREATE TABLE coordination_channel (
    request   BLOB NOT NULL REFERENCES coordination_request (id),
    side      TEXT NOT NULL CHECK (side IN ('asker', 'asked')),
    kind      TEXT NOT NULL,
    reference BLOB NOT NULL,
    at        BIGINT NOT NULL,
    by        BLOB NOT NULL REFERENCES account (id),
    PRIMARY KEY (request, side)
);
