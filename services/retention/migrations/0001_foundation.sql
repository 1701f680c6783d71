-- Times are microseconds since 1970 UTC, amounts are minor units.

-- Programs that the service knows: by a policy, or by a fact of another service's feed.
CREATE TABLE program (
  program_id TEXT NOT NULL PRIMARY KEY,
  policy_version BIGINT NOT NULL CHECK (policy_version >= 0),  -- 0: no policy yet
  aha_eras TEXT NOT NULL                                       -- success rules by time
) /* WITHOUT ROWID */;

-- Retention policies, never changed.
CREATE TABLE policy (
  program_id TEXT NOT NULL,
  version BIGINT NOT NULL CHECK (version > 0),
  effective_at BIGINT NOT NULL,
  referred_channel TEXT NOT NULL,
  baseline_channel TEXT NOT NULL,
  aha_event TEXT,                                              -- NULL: no success rule
  aha_min_count BIGINT CHECK (aha_min_count > 0),
  aha_within BIGINT CHECK (aha_within > 0),                    -- NULL: any time
  PRIMARY KEY (program_id, version)
) /* WITHOUT ROWID */;

-- Lifecycle events, never changed. Kinds are numbered as in the API.
CREATE TABLE lifecycle_event (
  program_id TEXT NOT NULL,
  event_id TEXT NOT NULL,
  customer_id TEXT NOT NULL,
  kind BIGINT NOT NULL CHECK (kind BETWEEN 1 AND 9),
  event_at BIGINT NOT NULL,
  name TEXT NOT NULL,
  amount_minor BIGINT NOT NULL CHECK (amount_minor >= 0),
  currency TEXT NOT NULL,
  channel TEXT NOT NULL,
  plan TEXT NOT NULL,
  PRIMARY KEY (program_id, event_id)
);
-- The churns of a customer, needed when a reactivation arrives.
CREATE INDEX lifecycle_event_churn ON lifecycle_event (program_id, customer_id)
  WHERE kind = 7;

-- Customers: first what is kept of their events, then what is derived from it.
CREATE TABLE customer (
  program_id TEXT NOT NULL,
  customer_id TEXT NOT NULL,
  signup_event_at BIGINT,
  signup_event_id TEXT,
  signup_channel TEXT NOT NULL,
  attributed_channel TEXT,                                     -- NULL: never judged
  attributed_signup_at BIGINT,
  plan_at BIGINT,
  plan_event_id TEXT,
  last_reactivation_at BIGINT,
  aha_progress TEXT NOT NULL,
  events BIGINT NOT NULL CHECK (events >= 0),
  channel TEXT NOT NULL,
  referrer_id TEXT NOT NULL,
  plan TEXT NOT NULL,
  signup_at BIGINT,
  onboarded_at BIGINT,
  aha_at BIGINT,
  churn_at BIGINT,
  closed_at BIGINT,                                            -- later of signup and churn
  PRIMARY KEY (program_id, customer_id)
) /* WITHOUT ROWID */;
-- Those whose churn or signup came after a given midnight.
CREATE INDEX customer_closed ON customer (program_id, closed_at) WHERE closed_at IS NOT NULL;

-- Payments less refunds.
CREATE TABLE customer_revenue (
  program_id TEXT NOT NULL,
  customer_id TEXT NOT NULL,
  currency TEXT NOT NULL,
  amount_minor BIGINT NOT NULL,
  PRIMARY KEY (program_id, customer_id, currency)
) /* WITHOUT ROWID */;
CREATE TABLE program_revenue (
  program_id TEXT NOT NULL,
  currency TEXT NOT NULL,
  amount_minor BIGINT NOT NULL,
  turnover_minor BIGINT NOT NULL CHECK (turnover_minor >= 0),  -- payments plus refunds
  PRIMARY KEY (program_id, currency)
) /* WITHOUT ROWID */;

-- Counters that reports are answered from; measures are numbered as in the code.
CREATE TABLE counter (
  program_id TEXT NOT NULL,
  measure BIGINT NOT NULL CHECK (measure BETWEEN 1 AND 6),
  channel TEXT NOT NULL,
  day BIGINT NOT NULL,
  total BIGINT NOT NULL,
  PRIMARY KEY (program_id, measure, channel, day)
) /* WITHOUT ROWID */;
