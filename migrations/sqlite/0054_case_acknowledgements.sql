-- Who has acknowledged the restriction of an H3 in a case room, and of which wording: the number of `case_entry`. Worded anew, it
-- is to be acknowledged anew. The words themselves are sealed with the item.
CREATE TABLE case_acknowledgement (
    room    BLOB NOT NULL REFERENCES case_room (id),
    account BLOB NOT NULL REFERENCES account (id),
    item    BLOB NOT NULL,
    seq     BIGINT NOT NULL,
    at      BIGINT NOT NULL,
    PRIMARY KEY (room, account, item)
);
