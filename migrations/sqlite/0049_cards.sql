-- File cards: what an organisation has a file about, without a name. What a card says, sealed or shown, lies here locked with the key
-- beside the data folder, as `body`: a copy of the database says whose card it is and when it was made.

-- `seq` is the number of its last change over all cards (`file_card_count`): what is kept in memory reads what came after. `compared`
-- is the revision that was compared with the other cards; another one waits for it. `review_due` in microseconds; `reminded_at`: its
-- people were told that it is past.
CREATE TABLE file_card (
    id           BLOB PRIMARY KEY,
    organisation BLOB NOT NULL REFERENCES organisation (id),
    made_by      BLOB NOT NULL REFERENCES account (id),
    exercise     BLOB REFERENCES exercise (id),
    body         BLOB NOT NULL,
    revision     BIGINT NOT NULL,
    compared     BIGINT NOT NULL,
    seq          BIGINT NOT NULL,
    made_at      BIGINT NOT NULL,
    changed_at   BIGINT NOT NULL,
    review_due   BIGINT NOT NULL,
    reminded_at  BIGINT
);
CREATE INDEX file_card_seq ON file_card (seq);
CREATE INDEX file_card_review ON file_card (review_due);
CREATE INDEX file_card_waits ON file_card (id) WHERE compared <> revision;
CREATE INDEX file_card_exercise ON file_card (exercise) WHERE exercise IS NOT NULL;

-- How often a card was changed and how often one went.
CREATE TABLE file_card_count (
    id   BIGINT PRIMARY KEY CHECK (id = 1),
    seq  BIGINT NOT NULL,
    gone BIGINT NOT NULL
);
INSERT INTO file_card_count (id, seq, gone) VALUES (1, 0, 0);

-- How many cards an organisation has made or changed on a day (numbered from 1 January 1970, UTC): who tries out many learns too much.
CREATE TABLE file_card_day (
    organisation BLOB NOT NULL REFERENCES organisation (id),
    day          BIGINT NOT NULL,
    cards        BIGINT NOT NULL,
    PRIMARY KEY (organisation, day)
) WITHOUT ROWID;
