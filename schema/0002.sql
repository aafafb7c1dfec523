-- Timers, the graph of collections, nodes that moved, and digests.

-- What shall happen by itself, later: crier/timer.hpp says what each kind is.
CREATE TABLE timer (
  kind INTEGER NOT NULL,
  subject INTEGER NOT NULL,                  -- a node or a subscription, as the kind says
  due INTEGER NOT NULL,
  PRIMARY KEY (kind, subject)
) STRICT, WITHOUT ROWID;

CREATE INDEX timer_by_due ON timer (due);

-- Which nodes are in which collections. A node that is in none is on the first level.
CREATE TABLE association (
  collection INTEGER NOT NULL REFERENCES node,
  child INTEGER NOT NULL REFERENCES node,
  PRIMARY KEY (collection, child)
) STRICT, WITHOUT ROWID;

CREATE INDEX association_by_child ON association (child);

ALTER TABLE node ADD COLUMN first_level INTEGER NOT NULL DEFAULT 1;
CREATE INDEX node_first_level ON node (host, name) WHERE first_level = 1;

-- Where a node that was deleted has moved to, until there is one of that name again.
CREATE TABLE redirect (
  host TEXT NOT NULL,
  name TEXT NOT NULL,
  uri TEXT NOT NULL,
  PRIMARY KEY (host, name)
) STRICT, WITHOUT ROWID;

-- The last item that a digest has told the subscriber of.
ALTER TABLE subscription ADD COLUMN digested INTEGER NOT NULL DEFAULT 0;
