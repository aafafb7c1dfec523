-- How many nodes an account has created: those that still exist, so that a quota can be counted.

CREATE INDEX node_by_creator ON node (creator) WHERE name IS NOT NULL;
