-- How many children an organisation can take on, as whoever answers for it says.
CREATE TABLE referral_capacity (
    organisation BLOB PRIMARY KEY REFERENCES organisation (id),
    capacity     TEXT NOT NULL CHECK (capacity IN ('open', 'limited', 'full')),
    by           BLOB NOT NULL REFERENCES account (id),
    at           BIGINT NOT NULL
);
