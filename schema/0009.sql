-- What administrators did, and what others did at nodes of their own, are bounded each for itself:
-- else whoever may own a node could make the log forget what administrators did.

ALTER TABLE audit ADD COLUMN by_admin INTEGER NOT NULL DEFAULT 0;
-- Counts the entries of each of the two.
ALTER TABLE audit ADD COLUMN serial INTEGER NOT NULL DEFAULT 0;
UPDATE audit SET serial = id;
CREATE INDEX audit_by_kind ON audit (by_admin, serial);
