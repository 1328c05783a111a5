-- What messages mean, as directions in a space that another machine has made of their words (decision 0024): only where an
-- operator has set one, and only of what may leave for it. `vector` is one signed byte a dimension, the largest of them 127:
-- directions alone are compared, and 384 of them are 384 bytes in place of 1,536. NULL while it is to be made anew, empty
-- where there is nothing to be made of it. All are of the model that the setting `search.meaning` names.
CREATE TABLE message_vector (
    n      INTEGER PRIMARY KEY,
    vector BLOB
);
CREATE INDEX message_vector_due ON message_vector (n) WHERE vector IS NULL;
