-- Who does due work, what providers do with rewards, what there is to hand out, and facts of
-- other services that came before those whom they are about.

-- Who does the due work of a shard, until when (machine time).
CREATE TABLE due_lease (
  shard BIGINT NOT NULL PRIMARY KEY,
  holder TEXT NOT NULL,
  end_time BIGINT NOT NULL
);

-- From when a reward whose fulfilment failed is tried again; the far future: not before a
-- person says so.
ALTER TABLE reward ADD COLUMN retry_time BIGINT;
-- What may be handed out, oldest first, one lane for each kind, item and campaign: a claim
-- leaves out whole lanes that are paused or out of stock.
CREATE INDEX reward_queue ON reward (program_id, (kind || '/' || item || '/' || campaign),
    COALESCE(retry_time, available_time), reward_id)
  WHERE state = 'held';

-- How far the fulfilment of a reward has come: from its first claim on.
CREATE TABLE fulfilment (
  program_id TEXT NOT NULL,
  reward_id TEXT NOT NULL,
  state TEXT NOT NULL
    CHECK (state IN ('claimed', 'to_retry', 'failed', 'succeeded', 'lapsed', 'stopped')),
  provider TEXT NOT NULL,
  lease_token TEXT NOT NULL,
  lease_end_time BIGINT NOT NULL,
  attempts BIGINT NOT NULL CHECK (attempts >= 0),
  failures BIGINT NOT NULL CHECK (failures >= 0),
  next_attempt_time BIGINT,
  failure_reason TEXT NOT NULL,
  reference TEXT NOT NULL,
  claimed_time BIGINT NOT NULL,
  changed_time BIGINT NOT NULL,
  pieces BIGINT NOT NULL CHECK (pieces >= 0),
  PRIMARY KEY (program_id, reward_id)
);
CREATE INDEX fulfilment_by_state ON fulfilment (program_id, state, reward_id);

-- Items that are stocked.
CREATE TABLE stock (
  program_id TEXT NOT NULL,
  item TEXT NOT NULL,
  on_hand BIGINT NOT NULL,
  reserved BIGINT NOT NULL CHECK (reserved >= 0),
  handed_out BIGINT NOT NULL CHECK (handed_out >= 0),
  changed_time BIGINT NOT NULL,
  PRIMARY KEY (program_id, item)
) /* WITHOUT ROWID */;

-- What other services told of customers who have not signed up here yet, and of advocates who
-- are not enrolled yet. A row goes when they do.
CREATE TABLE early_life (
  program_id TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('customer', 'advocate')),
  subject_id TEXT NOT NULL,
  aha_time BIGINT,
  churned_time BIGINT,
  tier TEXT,
  segment TEXT,
  PRIMARY KEY (program_id, role, subject_id)
) /* WITHOUT ROWID */;
