-- The first shape of crier's database.
--
-- Times are microseconds since 1970-01-01T00:00:00Z. Every JID is normalised and stored once, in
-- `jid`; all other tables hold its number.
--
-- A node that is removed, and items that are purged, are gone for every reader at once: the node
-- loses its name, the items lie before the node's first_seq. Their rows stay until they are swept;
-- `sweep` says where.

CREATE TABLE jid (
  id INTEGER PRIMARY KEY,
  jid TEXT NOT NULL UNIQUE           -- bare or full; in the order of bytes, so that the resources
                                     -- of a bare JID stand together: from 'bare/' to before 'bare0'
) STRICT;

CREATE TABLE node (
  id INTEGER PRIMARY KEY AUTOINCREMENT,      -- never used again
  host TEXT NOT NULL,
  name TEXT,                                 -- NULL: removed, to be swept
  config TEXT NOT NULL,                      -- the fields that differ from their defaults
  creator INTEGER NOT NULL REFERENCES jid,
  created INTEGER NOT NULL,
  first_seq INTEGER NOT NULL DEFAULT 0,      -- items before this one are gone
  item_count INTEGER NOT NULL DEFAULT 0,     -- of the items from first_seq on
  UNIQUE (host, name)
) STRICT;

CREATE TABLE affiliation (
  node INTEGER NOT NULL REFERENCES node,
  jid INTEGER NOT NULL REFERENCES jid,       -- bare
  affiliation INTEGER NOT NULL,              -- 1 outcast, 2 publish-only, 3 member, 4 publisher, 5 owner
  PRIMARY KEY (node, jid)
) STRICT, WITHOUT ROWID;

CREATE INDEX affiliation_by_jid ON affiliation (jid);

-- An entity may have several subscriptions to one node, told apart by their SubIDs.
CREATE TABLE subscription (
  id INTEGER PRIMARY KEY AUTOINCREMENT,      -- never used again: the SubID is made of it
  node INTEGER NOT NULL REFERENCES node,
  jid INTEGER NOT NULL REFERENCES jid,       -- bare or full, as it subscribed
  state INTEGER NOT NULL,                    -- 0 pending, 1 unconfigured, 2 subscribed
  options TEXT NOT NULL DEFAULT '',          -- the fields that differ from their defaults
  created INTEGER NOT NULL
) STRICT;

CREATE INDEX subscription_by_node ON subscription (node);
CREATE INDEX subscription_by_jid ON subscription (jid);

-- Items lie in the order of publication, which is that of the one sequence of the service. Both
-- indexes end in seq, so that a page of a node's items is a range of item_by_node.
CREATE TABLE item (
  seq INTEGER PRIMARY KEY,
  node INTEGER NOT NULL REFERENCES node,
  id TEXT NOT NULL,
  publisher INTEGER NOT NULL REFERENCES jid, -- bare
  created INTEGER NOT NULL,                  -- when an item of that id was first published
  published INTEGER NOT NULL,                -- when this version was
  payload TEXT NOT NULL                      -- XML, empty for an item without payload
) STRICT;

CREATE UNIQUE INDEX item_by_id ON item (node, id);
CREATE INDEX item_by_node ON item (node);

-- The sequence hands its numbers out in blocks: all below `reserved` may have been used.
CREATE TABLE sequence (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  reserved INTEGER NOT NULL
) STRICT;

INSERT INTO sequence VALUES (1, 1);

-- Nodes that have rows which nobody reads any more.
CREATE TABLE sweep (
  node INTEGER PRIMARY KEY REFERENCES node
) STRICT;
