-- Up to which number the search index holds every message: the index follows the messages (decision 0020). Rows of
-- messages are never removed, so that no number is used twice.
INSERT INTO setting (key, value) SELECT 'search.reach', CAST(coalesce(max(n), 0) AS TEXT) FROM message;
