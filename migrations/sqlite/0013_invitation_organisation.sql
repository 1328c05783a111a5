-- An invitation names the organisation that somebody is to work in, and with it the law under which it keeps personal data.

-- `organisation_id`: one of the directory; then `organisation` stays empty and the name is read there. Otherwise
-- `organisation` names one that is made when the invitation is used, under the `regime` given here.
ALTER TABLE invitation ADD COLUMN organisation_id BLOB REFERENCES organisation (id);
ALTER TABLE invitation ADD COLUMN regime TEXT CHECK (regime IN ('gdpr', 'led', 'io'));
