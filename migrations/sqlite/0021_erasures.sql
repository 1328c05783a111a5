-- What was deleted, by when: it is journalled beside the data folder, and erased again after a restore.
CREATE INDEX message_deleted ON message (deleted_at) WHERE deleted_at IS NOT NULL;
