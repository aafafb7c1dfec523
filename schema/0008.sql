-- How much is stored, so that quotas can be asked without counting.
--
-- Rows are counted for as long as they lie there: items of a purged or removed node until they are
-- swept, and subscriptions likewise; a node as long as it has its name. The root, which has none,
-- does not count. What has nothing has no row.
--
-- The nodes and subscriptions of an account stand in indexes, and the bytes of the service in the
-- size of the file: they are 0 here.

CREATE TABLE usage (
  whom INTEGER PRIMARY KEY,                  -- the jid of an account; that of a domain, with all its
                                             -- accounts, negative; 0: the service
  nodes INTEGER NOT NULL,                    -- that they have created
  subscriptions INTEGER NOT NULL,            -- of them and their resources
  items INTEGER NOT NULL,                    -- that they have published
  bytes INTEGER NOT NULL                     -- of the ids and payloads of these items
) STRICT;

-- The domain of an address is behind its '@', which nothing before the '/' has twice.
INSERT INTO jid (jid)
  SELECT DISTINCT substr(bare, instr(bare, '@') + 1)
  FROM (SELECT substr(jid, 1, instr(jid || '/', '/') - 1) AS bare FROM jid) WHERE true
  ON CONFLICT DO NOTHING;

INSERT INTO usage (whom, nodes, subscriptions, items, bytes)
  SELECT publisher, 0, 0, count(*),
    sum(length(CAST(id AS BLOB)) + length(CAST(payload AS BLOB)))
  FROM item GROUP BY publisher;

INSERT INTO usage (whom, nodes, subscriptions, items, bytes)
  WITH account (jid, nodes, subscriptions, items, bytes) AS (
    SELECT creator, count(*), 0, 0, 0 FROM node WHERE name <> '' GROUP BY creator
    UNION ALL SELECT jid, 0, count(*), 0, 0 FROM subscription GROUP BY jid
    UNION ALL SELECT whom, 0, 0, items, bytes FROM usage),
  bare (id, text) AS (
    SELECT id, substr(jid, 1, instr(jid || '/', '/') - 1) FROM jid)
  SELECT -domain.id, sum(nodes), sum(subscriptions), sum(items), sum(bytes)
  FROM account JOIN bare ON bare.id = account.jid
    JOIN jid AS domain ON domain.jid = substr(bare.text, instr(bare.text, '@') + 1)
  GROUP BY domain.id;

INSERT INTO usage (whom, nodes, subscriptions, items, bytes)
  SELECT 0, sum(nodes), sum(subscriptions), sum(items), 0 FROM usage WHERE whom < 0 GROUP BY 1;
