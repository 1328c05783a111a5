-- A post that waited can be moved into a closed room, covered; its author is told into which.
ALTER TABLE held ADD COLUMN moved_to BLOB REFERENCES channel (id);
