-- What a message carries, as its readers get it: JSON in the row, so that reading many messages asks for nothing more. The bytes
-- are in `file`, whose holder it is.
ALTER TABLE message ADD COLUMN attachments TEXT;

-- Whether pictures may be attached in a channel that everybody may read. In the others they always may.
ALTER TABLE channel ADD COLUMN pictures BOOLEAN NOT NULL DEFAULT FALSE;
