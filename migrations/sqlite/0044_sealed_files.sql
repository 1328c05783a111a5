-- Files that go into a sealed space. Such a file is taken in without its name and is in no index; once it is handed over, its
-- key is in the space and not here (`key` is empty): without the space's key nobody reads it, whatever keys the operator has.
ALTER TABLE file ADD COLUMN sealed BOOLEAN NOT NULL DEFAULT FALSE;
