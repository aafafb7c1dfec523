-- Presence that is shared with the service, and what waits for those who are away.

-- With whom the service shares presence, as RFC 6121 §3 has it.
CREATE TABLE contact (
  jid INTEGER PRIMARY KEY REFERENCES jid,    -- bare
  state INTEGER NOT NULL                     -- 1: it sees the service's presence, 2: the service
                                             -- sees its presence, 4: the service has asked for that
) STRICT;

-- 1: something happens when a subscriber comes online or goes offline; 2: subscriptions end then.
ALTER TABLE node ADD COLUMN follows_presence INTEGER NOT NULL DEFAULT 0;
ALTER TABLE subscription ADD COLUMN follows_presence INTEGER NOT NULL DEFAULT 0;

CREATE INDEX node_temporary ON node (id) WHERE follows_presence = 2;
CREATE INDEX subscription_temporary ON subscription (id) WHERE follows_presence = 2;

-- Nodes where somebody has published what goes when it goes offline.
CREATE TABLE offline_purge (
  publisher INTEGER NOT NULL REFERENCES jid, -- bare
  node INTEGER NOT NULL,                     -- may be gone
  PRIMARY KEY (publisher, node)
) STRICT, WITHOUT ROWID;

-- Events for durable subscriptions, in the sequence of the service. An item that is stored is its
-- own event; `event` holds the others, and those versions of items that somebody wants all of.
-- `head` is a node's last event. All durable subscriptions have taken what there is up to `level`,
-- but for those that are behind: they have taken what there is up to `taken`.
CREATE TABLE event (
  seq INTEGER PRIMARY KEY,
  node INTEGER NOT NULL REFERENCES node,     -- whose subscribers it is for
  happened INTEGER NOT NULL,
  about INTEGER NOT NULL,                    -- 0 an item that is stored as well, 1 items, 2 nodes
  origin INTEGER NOT NULL,                   -- the node below a collection where it happened, or 0
  distance INTEGER NOT NULL,                 -- from there to the collection; negative: the message
                                             -- need not name the collection
  xml TEXT NOT NULL,
  payloads TEXT NOT NULL,
  behind TEXT NOT NULL
) STRICT;

CREATE INDEX event_by_node ON event (node);

ALTER TABLE node ADD COLUMN head INTEGER NOT NULL DEFAULT 0;
ALTER TABLE node ADD COLUMN level INTEGER NOT NULL DEFAULT 0;
ALTER TABLE node ADD COLUMN log_start INTEGER NOT NULL DEFAULT 0;      -- events before are not kept
ALTER TABLE node ADD COLUMN versions_start INTEGER NOT NULL DEFAULT 0; -- nor versions of items
ALTER TABLE node ADD COLUMN log_bytes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE subscription ADD COLUMN taken INTEGER;

CREATE INDEX node_unfinished ON node (id) WHERE level < head;

-- Notifications of a subscription that came back.
CREATE TABLE bounce (
  subscription INTEGER PRIMARY KEY REFERENCES subscription ON DELETE CASCADE,
  count INTEGER NOT NULL,
  first INTEGER NOT NULL                     -- when the first of those came back
) STRICT;
