-- What every store of the suite has, whatever its service.

-- Facts about the store itself: feed_id, shards.
CREATE TABLE store_info (
  name TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
) /* WITHOUT ROWID */;

-- One row a shard. Its writers take turns on it; it hands out positions of the feed.
CREATE TABLE shard (
  shard BIGINT NOT NULL PRIMARY KEY,
  head_position BIGINT NOT NULL CHECK (head_position >= 0),
  turn BIGINT NOT NULL
) /* WITHOUT ROWID */;

-- Responses of commands, by idempotency key. The key begins with the request id, so that
-- time-ordered ids keep inserts local. There is no index by age: every write would pay for
-- it, and the sweeper may as well walk along the keys once a day.
CREATE TABLE stored_response (
  request_id TEXT NOT NULL,
  program_id TEXT NOT NULL,
  method TEXT NOT NULL,
  fingerprint BYTEA NOT NULL,
  response BYTEA NOT NULL,
  stored_at BIGINT NOT NULL,
  PRIMARY KEY (request_id, program_id, method)
) /* WITHOUT ROWID */;

-- The feed. Positions of a shard begin at 1 and have no gaps.
CREATE TABLE event (
  shard BIGINT NOT NULL,
  position BIGINT NOT NULL CHECK (position > 0),
  program_id TEXT NOT NULL,
  recorded_at BIGINT NOT NULL,
  fact BYTEA NOT NULL,
  PRIMARY KEY (shard, position)
) /* WITHOUT ROWID */;

-- How far each shard of this store has followed each shard of another service's feed.
CREATE TABLE feed_cursor (
  source TEXT NOT NULL,
  source_shard BIGINT NOT NULL,
  shard BIGINT NOT NULL,
  position BIGINT NOT NULL CHECK (position >= 0),
  feed_id TEXT NOT NULL,
  PRIMARY KEY (source, source_shard, shard)
) /* WITHOUT ROWID */;

-- Events that could not be applied.
CREATE TABLE quarantine (
  source TEXT NOT NULL,
  source_shard BIGINT NOT NULL,
  position BIGINT NOT NULL,
  program_id TEXT NOT NULL,
  recorded_at BIGINT NOT NULL,
  fact BYTEA NOT NULL,
  reason TEXT NOT NULL,
  message TEXT NOT NULL,
  quarantined_at BIGINT NOT NULL,
  shard BIGINT NOT NULL,
  PRIMARY KEY (source, source_shard, position)
);
