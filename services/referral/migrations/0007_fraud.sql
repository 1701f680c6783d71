-- Honesty: cases that people decide, what was judged, what advocates were seen with, counts by
-- day, the blocklist, suspensions. Identities are short keyed hashes.

CREATE INDEX customer_by_device ON customer (program_id, device_hash, signup_time, customer_id)
  WHERE device_hash IS NOT NULL;
CREATE INDEX customer_by_payment
  ON customer (program_id, payment_hash, signup_time, customer_id)
  WHERE payment_hash IS NOT NULL;

-- One case a referral. The evidence is one line a signal: its name, its weight, its text.
CREATE TABLE fraud_case (
  program_id TEXT NOT NULL,
  referral_id TEXT NOT NULL,
  advocate_id TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open', 'approved', 'rejected')),
  score BIGINT NOT NULL,
  evidence TEXT NOT NULL,
  program_version BIGINT NOT NULL,
  opened_time BIGINT NOT NULL,
  resolved_time BIGINT,
  decided_by TEXT NOT NULL,
  sealed_note BYTEA,
  CHECK ((state = 'open') = (resolved_time IS NULL)),
  PRIMARY KEY (program_id, referral_id)
);
CREATE INDEX fraud_case_by_time ON fraud_case (program_id, opened_time, referral_id);
CREATE INDEX fraud_case_by_state ON fraud_case (program_id, state, opened_time, referral_id);
CREATE INDEX fraud_case_oldest ON fraud_case (opened_time) WHERE state = 'open';

-- What was judged, at the submission and at the signup, so that it is judged and counted once.
CREATE TABLE fraud_check (
  program_id TEXT NOT NULL,
  referral_id TEXT NOT NULL,
  advocate_id TEXT NOT NULL,
  signup BIGINT NOT NULL CHECK (signup IN (0, 1)),
  fingerprint BYTEA NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('clear', 'held', 'rejected')),
  score BIGINT NOT NULL,
  evidence TEXT NOT NULL,
  PRIMARY KEY (program_id, referral_id, advocate_id, signup)
) /* WITHOUT ROWID */;

-- The devices and network addresses that an advocate submitted leads from.
CREATE TABLE advocate_trace (
  program_id TEXT NOT NULL,
  advocate_id TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('device', 'ip')),
  hash BYTEA NOT NULL,
  PRIMARY KEY (program_id, advocate_id, kind, hash)
) /* WITHOUT ROWID */;

-- Referrals by day of the program's zone (days since 1970).
CREATE TABLE velocity_count (
  program_id TEXT NOT NULL,
  dimension TEXT NOT NULL CHECK (dimension IN ('advocate', 'ip', 'device')),
  subject BYTEA NOT NULL,
  local_day BIGINT NOT NULL,
  referrals BIGINT NOT NULL CHECK (referrals > 0),
  PRIMARY KEY (program_id, dimension, subject, local_day)
) /* WITHOUT ROWID */;

CREATE TABLE blocked_identity (
  program_id TEXT NOT NULL,
  kind TEXT NOT NULL
    CHECK (kind IN ('email', 'email_domain', 'phone', 'device', 'payment', 'ip')),
  hash BYTEA NOT NULL,
  added_by TEXT NOT NULL,
  added_time BIGINT NOT NULL,
  cause TEXT NOT NULL,
  PRIMARY KEY (program_id, kind, hash)
) /* WITHOUT ROWID */;

-- Who suspended and reinstated an advocate, and why; numbered from 1.
CREATE TABLE suspension (
  program_id TEXT NOT NULL,
  advocate_id TEXT NOT NULL,
  sequence BIGINT NOT NULL CHECK (sequence > 0),
  decision_time BIGINT NOT NULL,
  suspended BIGINT NOT NULL CHECK (suspended IN (0, 1)),
  decided_by TEXT NOT NULL,
  cause TEXT NOT NULL,
  PRIMARY KEY (program_id, advocate_id, sequence)
) /* WITHOUT ROWID */;
