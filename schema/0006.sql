-- Subscriptions get their numbers from the sequence of the service: SQLite writes a row of its own
-- for each number that AUTOINCREMENT gives.

UPDATE sequence SET reserved = max(reserved, coalesce(
  (SELECT seq + 1 FROM sqlite_sequence WHERE name = 'subscription'), 0));

CREATE TABLE subscription_anew (
  id INTEGER PRIMARY KEY,                    -- never used again: the SubID is made of it
  node INTEGER NOT NULL REFERENCES node,
  jid INTEGER NOT NULL REFERENCES jid,       -- bare or full, as it subscribed
  state INTEGER NOT NULL,                    -- 0 pending, 1 unconfigured, 2 subscribed
  options TEXT NOT NULL DEFAULT '',          -- the fields that differ from their defaults
  created INTEGER NOT NULL,
  digested INTEGER NOT NULL DEFAULT 0,
  follows_presence INTEGER NOT NULL DEFAULT 0,
  taken INTEGER
) STRICT;

INSERT INTO subscription_anew
  SELECT id, node, jid, state, options, created, digested, follows_presence, taken
  FROM subscription;
DROP TABLE subscription;
ALTER TABLE subscription_anew RENAME TO subscription;

CREATE INDEX subscription_by_node ON subscription (node);
CREATE INDEX subscription_by_jid ON subscription (jid);
CREATE INDEX subscription_temporary ON subscription (id) WHERE follows_presence = 2;
