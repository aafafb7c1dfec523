-- How far the notifications of stored items have come, for those subscribers that have no cursor of
-- their own.

-- Of all items up to `told` everybody has been told, but for those in `fanout`.
ALTER TABLE sequence ADD COLUMN told INTEGER NOT NULL DEFAULT 0;
UPDATE sequence SET told = reserved - 1;

-- An event on its way to many: the items from `first` to `last` were published at once; of the
-- node's subscribers, or the collection's, those from the subscription `next` on are still to be
-- told.
CREATE TABLE fanout (
  node INTEGER NOT NULL,                     -- may be gone
  last INTEGER NOT NULL,
  first INTEGER NOT NULL,
  next INTEGER NOT NULL,
  PRIMARY KEY (node, last)
) STRICT, WITHOUT ROWID;
