-- Two cards that may be about the same. `one` is the smaller id. Each side has its own state: the other doesn't learn it.
CREATE TABLE card_overlap (
    id          BLOB PRIMARY KEY,
    one         BLOB NOT NULL REFERENCES file_card (id) ON DELETE CASCADE,
    other       BLOB NOT NULL REFERENCES file_card (id) ON DELETE CASCADE,
    found_at    BIGINT NOT NULL,
    one_state   TEXT NOT NULL CHECK (one_state IN ('new', 'asked', 'dismissed')),
    other_state TEXT NOT NULL CHECK (other_state IN ('new', 'asked', 'dismissed')),
    CHECK (one < other),
    UNIQUE (one, other)
);
CREATE INDEX card_overlap_other ON card_overlap (other);

-- Which organisation was told that one of its cards may overlap with this one of another: it isn't told again for another card of its
-- own, so that nobody can feel their way to what a sealed card says by trying out many.
CREATE TABLE card_told (
    organisation BLOB NOT NULL REFERENCES organisation (id),
    card         BLOB NOT NULL REFERENCES file_card (id) ON DELETE CASCADE,
    at           BIGINT NOT NULL,
    PRIMARY KEY (organisation, card)
) WITHOUT ROWID;
CREATE INDEX card_told_card ON card_told (card);
