-- A person may decide who brought a customer: the evidence `override`, and the decisions
-- themselves. Both tables are made anew, because their checks know no such evidence.

CREATE TABLE referral_with_override (
  program_id TEXT NOT NULL,
  referral_id TEXT NOT NULL,
  advocate_id TEXT NOT NULL,
  origin TEXT NOT NULL CHECK (origin IN ('lead', 'signup')),
  referee_id TEXT NOT NULL,
  email_hash BYTEA,
  campaign TEXT NOT NULL,
  submitted_time BIGINT NOT NULL,
  program_version BIGINT NOT NULL,
  customer_id TEXT NOT NULL,
  signup_time BIGINT,
  evidence TEXT NOT NULL
    CHECK (evidence IN ('code', 'lead', 'self_reported', 'touch', 'none', 'override')),
  conversion_id TEXT NOT NULL,
  conversion_time BIGINT,
  ever_converted BIGINT NOT NULL CHECK (ever_converted IN (0, 1)),
  state TEXT NOT NULL CHECK (state IN ('submitted', 'signed_up', 'converted')),
  phone_hash BYTEA,
  name_hash BYTEA,
  sealed_note BYTEA,
  expectations TEXT NOT NULL DEFAULT '',
  attributes TEXT NOT NULL DEFAULT '',
  lead_state TEXT NOT NULL DEFAULT 'submitted'
    CHECK (lead_state IN ('submitted', 'contacted', 'qualified', 'meeting', 'negotiation', 'won',
                          'lost', 'unqualified')),
  lead_state_time BIGINT,
  first_contact_time BIGINT,
  follow_up_due_time BIGINT,
  follow_up_breached BIGINT NOT NULL DEFAULT 0,
  fit TEXT NOT NULL DEFAULT 'unknown' CHECK (fit IN ('unknown', 'good', 'bad')),
  fit_by TEXT NOT NULL DEFAULT '',
  unqualified_reason TEXT NOT NULL DEFAULT '',
  ever_qualified BIGINT NOT NULL DEFAULT 0,
  fraud TEXT NOT NULL DEFAULT 'clear'
    CHECK (fraud IN ('clear', 'held', 'approved', 'rejected')),
  fraud_score BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (program_id, referral_id)
) /* WITHOUT ROWID */;
INSERT INTO referral_with_override SELECT * FROM referral;
DROP TABLE referral;
ALTER TABLE referral_with_override RENAME TO referral;
CREATE UNIQUE INDEX referral_lead_by_referee ON referral (program_id, referee_id)
  WHERE origin = 'lead' AND referee_id <> '';
CREATE UNIQUE INDEX referral_lead_by_email ON referral (program_id, email_hash)
  WHERE origin = 'lead' AND email_hash IS NOT NULL;
CREATE UNIQUE INDEX referral_lead_by_phone ON referral (program_id, phone_hash)
  WHERE origin = 'lead' AND phone_hash IS NOT NULL;
CREATE INDEX referral_by_advocate ON referral (program_id, advocate_id, referral_id);

CREATE TABLE customer_with_override (
  program_id TEXT NOT NULL,
  customer_id TEXT NOT NULL,
  signup_time BIGINT NOT NULL,
  email_hash BYTEA,
  code TEXT NOT NULL,
  referrer_id TEXT NOT NULL,
  visitor_id TEXT NOT NULL,
  stated_channel TEXT NOT NULL,
  program_version BIGINT NOT NULL,
  evidence TEXT NOT NULL
    CHECK (evidence IN ('code', 'lead', 'self_reported', 'touch', 'none', 'override')),
  advocate_id TEXT NOT NULL,
  referral_id TEXT NOT NULL,
  rejected TEXT NOT NULL,
  open_conversions BIGINT NOT NULL CHECK (open_conversions >= 0),
  attributes TEXT NOT NULL DEFAULT '',
  source TEXT NOT NULL DEFAULT '',
  domain_hash BYTEA,
  phone_hash BYTEA,
  device_hash BYTEA,
  payment_hash BYTEA,
  ip_hash BYTEA,
  churned_time BIGINT,
  aha_time BIGINT,
  PRIMARY KEY (program_id, customer_id)
);
INSERT INTO customer_with_override SELECT * FROM customer;
DROP TABLE customer;
ALTER TABLE customer_with_override RENAME TO customer;
CREATE INDEX customer_by_email ON customer (program_id, email_hash, signup_time, customer_id)
  WHERE email_hash IS NOT NULL;
CREATE INDEX customer_by_phone ON customer (program_id, phone_hash, signup_time, customer_id)
  WHERE phone_hash IS NOT NULL;
CREATE INDEX customer_by_visitor
  ON customer (program_id, visitor_id, signup_time, customer_id)
  WHERE visitor_id <> '';
CREATE INDEX customer_by_referrer ON customer (program_id, advocate_id)
  WHERE advocate_id <> '';
-- Those who named somebody: judged again when that one is enrolled later.
CREATE INDEX customer_by_named_referrer
  ON customer (program_id, referrer_id, signup_time, customer_id)
  WHERE referrer_id <> '';

-- Decisions of people, numbered from 1 for each customer; the newest stands.
CREATE TABLE attribution_override (
  program_id TEXT NOT NULL,
  customer_id TEXT NOT NULL,
  number BIGINT NOT NULL CHECK (number > 0),
  old_advocate_id TEXT NOT NULL,
  advocate_id TEXT NOT NULL,
  old_referral_id TEXT NOT NULL,
  referral_id TEXT NOT NULL,
  decided_by TEXT NOT NULL CHECK (decided_by <> ''),
  cause TEXT NOT NULL CHECK (cause <> ''),
  decided_time BIGINT NOT NULL,
  PRIMARY KEY (program_id, customer_id, number)
) /* WITHOUT ROWID */;
