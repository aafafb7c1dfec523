-- Administration: who is banned, what was changed by whom, what is still to be said to all.
--
-- JIDs are texts here, not numbers of `jid`: these tables are small and bounded, and the addresses
-- of administrators' sessions would stay in `jid` for ever.

CREATE TABLE ban (
  jid TEXT PRIMARY KEY,                      -- bare, or a domain
  reason TEXT NOT NULL,
  by TEXT NOT NULL,                          -- full
  created INTEGER NOT NULL,
  expires INTEGER                            -- NULL: never
) STRICT, WITHOUT ROWID;

-- Append only; the oldest go when there are too many, or when they are too old.
CREATE TABLE audit (
  id INTEGER PRIMARY KEY AUTOINCREMENT,      -- never used again: who follows goes on behind one
  time INTEGER NOT NULL,
  actor TEXT NOT NULL,                       -- bare
  resource TEXT NOT NULL,                    -- of the actor; may be empty
  action TEXT NOT NULL,
  node TEXT NOT NULL,                        -- a name, of a node that may be gone; may be empty
  subject TEXT NOT NULL,
  old_value TEXT NOT NULL,
  new_value TEXT NOT NULL
) STRICT;

CREATE INDEX audit_by_time ON audit (time);
CREATE INDEX audit_by_node ON audit (node);
CREATE INDEX audit_by_actor ON audit (actor);
CREATE INDEX audit_by_node_and_actor ON audit (node, actor);

CREATE TABLE announcement (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  type TEXT NOT NULL,
  subject TEXT NOT NULL,
  body TEXT NOT NULL,
  until INTEGER,                             -- NULL: for ever
  after TEXT NOT NULL DEFAULT '',            -- the last JID of `jid` that was looked at
  told TEXT NOT NULL DEFAULT ''              -- the last bare JID told for one of its resources
) STRICT;
