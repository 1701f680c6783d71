-- The whole set of rules: what codes, leads, conversions and rewards carry besides, what is
-- done at a time, and paused campaigns. Further tables come with their subjects.

ALTER TABLE advocate ADD COLUMN kind TEXT NOT NULL DEFAULT '';
ALTER TABLE advocate ADD COLUMN attributes TEXT NOT NULL DEFAULT '';
ALTER TABLE advocate ADD COLUMN domain_hash BYTEA;
ALTER TABLE advocate ADD COLUMN phone_hash BYTEA;
ALTER TABLE advocate ADD COLUMN device_hash BYTEA;
ALTER TABLE advocate ADD COLUMN payment_hash BYTEA;
ALTER TABLE advocate ADD COLUMN ip_hash BYTEA;
ALTER TABLE advocate ADD COLUMN tier TEXT NOT NULL DEFAULT '';
ALTER TABLE advocate ADD COLUMN segment TEXT NOT NULL DEFAULT '';
ALTER TABLE advocate ADD COLUMN qualified BIGINT NOT NULL DEFAULT 0 CHECK (qualified >= 0);
ALTER TABLE advocate ADD COLUMN frauds BIGINT NOT NULL DEFAULT 0 CHECK (frauds >= 0);
ALTER TABLE advocate ADD COLUMN suspended_time BIGINT;
ALTER TABLE advocate ADD COLUMN suspension_cause TEXT NOT NULL DEFAULT '';

ALTER TABLE advocate_code ADD COLUMN kind TEXT NOT NULL DEFAULT 'personal'
  CHECK (kind IN ('personal', 'vanity', 'campaign'));
ALTER TABLE advocate_code ADD COLUMN campaign TEXT NOT NULL DEFAULT '';
ALTER TABLE advocate_code ADD COLUMN issued_time BIGINT NOT NULL DEFAULT 0;
ALTER TABLE advocate_code ADD COLUMN retired_time BIGINT;
ALTER TABLE advocate_code ADD COLUMN honoured_until BIGINT;
CREATE INDEX advocate_code_by_advocate ON advocate_code (program_id, advocate_id);

ALTER TABLE touch ADD COLUMN kind TEXT NOT NULL DEFAULT 'click'
  CHECK (kind IN ('click', 'view'));
ALTER TABLE touch ADD COLUMN source TEXT NOT NULL DEFAULT '';
ALTER TABLE touch ADD COLUMN campaign TEXT NOT NULL DEFAULT '';

ALTER TABLE customer ADD COLUMN attributes TEXT NOT NULL DEFAULT '';
ALTER TABLE customer ADD COLUMN source TEXT NOT NULL DEFAULT '';
ALTER TABLE customer ADD COLUMN domain_hash BYTEA;
ALTER TABLE customer ADD COLUMN phone_hash BYTEA;
ALTER TABLE customer ADD COLUMN device_hash BYTEA;
ALTER TABLE customer ADD COLUMN payment_hash BYTEA;
ALTER TABLE customer ADD COLUMN ip_hash BYTEA;
ALTER TABLE customer ADD COLUMN churned_time BIGINT;
ALTER TABLE customer ADD COLUMN aha_time BIGINT;

ALTER TABLE referral ADD COLUMN phone_hash BYTEA;
ALTER TABLE referral ADD COLUMN name_hash BYTEA;
ALTER TABLE referral ADD COLUMN sealed_note BYTEA;
ALTER TABLE referral ADD COLUMN expectations TEXT NOT NULL DEFAULT '';
ALTER TABLE referral ADD COLUMN attributes TEXT NOT NULL DEFAULT '';
ALTER TABLE referral ADD COLUMN lead_state TEXT NOT NULL DEFAULT 'submitted'
  CHECK (lead_state IN ('submitted', 'contacted', 'qualified', 'meeting', 'negotiation', 'won',
                        'lost', 'unqualified'));
ALTER TABLE referral ADD COLUMN lead_state_time BIGINT;
ALTER TABLE referral ADD COLUMN first_contact_time BIGINT;
ALTER TABLE referral ADD COLUMN follow_up_due_time BIGINT;
ALTER TABLE referral ADD COLUMN follow_up_breached BIGINT NOT NULL DEFAULT 0;
ALTER TABLE referral ADD COLUMN fit TEXT NOT NULL DEFAULT 'unknown'
  CHECK (fit IN ('unknown', 'good', 'bad'));
ALTER TABLE referral ADD COLUMN fit_by TEXT NOT NULL DEFAULT '';
ALTER TABLE referral ADD COLUMN unqualified_reason TEXT NOT NULL DEFAULT '';
ALTER TABLE referral ADD COLUMN ever_qualified BIGINT NOT NULL DEFAULT 0;
ALTER TABLE referral ADD COLUMN fraud TEXT NOT NULL DEFAULT 'clear'
  CHECK (fraud IN ('clear', 'held', 'approved', 'rejected'));
ALTER TABLE referral ADD COLUMN fraud_score BIGINT NOT NULL DEFAULT 0;
-- Nobody is referred twice, by telephone either.
CREATE UNIQUE INDEX referral_lead_by_phone ON referral (program_id, phone_hash)
  WHERE origin = 'lead' AND phone_hash IS NOT NULL;

ALTER TABLE conversion ADD COLUMN event TEXT NOT NULL DEFAULT '';
ALTER TABLE conversion ADD COLUMN annual_minor BIGINT;
ALTER TABLE conversion ADD COLUMN lines TEXT NOT NULL DEFAULT '';
ALTER TABLE conversion ADD COLUMN attributes TEXT NOT NULL DEFAULT '';
ALTER TABLE conversion ADD COLUMN success BIGINT NOT NULL DEFAULT 1;

-- Rewards of all kinds, triggers and states. The id is made of rule and occasion: the key
-- carries "no reward twice".
CREATE TABLE reward_of_any_kind (
  program_id TEXT NOT NULL,
  reward_id TEXT NOT NULL,
  referral_id TEXT NOT NULL,
  conversion_id TEXT NOT NULL,
  rule_id TEXT NOT NULL,
  program_version BIGINT NOT NULL,
  side TEXT NOT NULL CHECK (side IN ('referrer', 'referee')),
  recipient_id TEXT NOT NULL CHECK (recipient_id <> ''),
  kind TEXT NOT NULL,
  amount_minor BIGINT NOT NULL CHECK (amount_minor >= 0),
  currency TEXT NOT NULL,
  available_time BIGINT NOT NULL,
  created_time BIGINT NOT NULL,
  reversal_time BIGINT,
  cause TEXT NOT NULL,
  campaign TEXT NOT NULL DEFAULT '',
  trigger_name TEXT NOT NULL DEFAULT 'converted',
  occasion_time BIGINT NOT NULL DEFAULT 0,
  state TEXT NOT NULL DEFAULT 'held'
    CHECK (state IN ('pending', 'approved', 'held', 'fulfilling', 'fulfilled', 'cancelled',
                     'reversed', 'expired')),
  released BIGINT NOT NULL DEFAULT 1,
  announced BIGINT NOT NULL DEFAULT 0,
  expiry_time BIGINT,
  fulfilled_time BIGINT,
  item TEXT NOT NULL DEFAULT '',
  wanted_minor BIGINT NOT NULL DEFAULT 0,
  explanation TEXT NOT NULL DEFAULT '',
  recalculated_version BIGINT NOT NULL DEFAULT 0,
  CHECK (amount_minor > 0 OR state = 'cancelled'),
  PRIMARY KEY (program_id, reward_id)
);
INSERT INTO reward_of_any_kind (program_id, reward_id, referral_id, conversion_id, rule_id,
    program_version, side, recipient_id, kind, amount_minor, currency, available_time,
    created_time, reversal_time, cause, occasion_time, state, announced, wanted_minor)
  SELECT program_id, reward_id, referral_id, conversion_id, rule_id, program_version, side,
    recipient_id, kind, amount_minor, currency, available_time, created_time, reversal_time,
    cause, created_time, CASE WHEN reversal_time IS NULL THEN 'held' ELSE 'reversed' END, 1,
    amount_minor
  FROM reward;
DROP TABLE reward;
ALTER TABLE reward_of_any_kind RENAME TO reward;
CREATE INDEX reward_by_recipient ON reward (program_id, recipient_id, reward_id);
CREATE INDEX reward_by_referral ON reward (program_id, referral_id);

-- What a cap has used up: of a rule, a campaign or the whole program, of one recipient or (an
-- empty text) of all, in the period that begins at a time (0: for ever).
CREATE TABLE cap_use (
  program_id TEXT NOT NULL,
  holder TEXT NOT NULL,
  recipient_id TEXT NOT NULL,
  period TEXT NOT NULL CHECK (period IN ('lifetime', 'day', 'week', 'month', 'year')),
  period_start BIGINT NOT NULL,
  rewards BIGINT NOT NULL CHECK (rewards >= 0),
  minor BIGINT NOT NULL CHECK (minor >= 0),
  PRIMARY KEY (program_id, holder, recipient_id, period, period_start)
) /* WITHOUT ROWID */;
INSERT INTO cap_use
  SELECT program_id, 'rule/' || rule_id, recipient_id, 'lifetime', 0, COUNT(*),
    CAST(SUM(amount_minor) AS BIGINT)
  FROM reward WHERE reversal_time IS NULL GROUP BY program_id, rule_id, recipient_id;
DROP TABLE reward_count;

-- Append-only, double entry. Debits are positive. The key carries "booked once": a reward is
-- accrued, paid, taken back and expired once, and adjusted once a version.
CREATE TABLE ledger_entry_of_any_kind (
  program_id TEXT NOT NULL,
  reward_id TEXT NOT NULL,
  kind TEXT NOT NULL
    CHECK (kind IN ('accrual', 'payment', 'reversal', 'clawback', 'expiry', 'adjustment')),
  account TEXT NOT NULL
    CHECK (account IN ('expense:rewards', 'liability:rewards', 'paid:rewards',
                       'receivable:clawback')),
  sequence BIGINT NOT NULL DEFAULT 0,
  currency TEXT NOT NULL,
  amount_minor BIGINT NOT NULL CHECK (amount_minor <> 0),
  entry_time BIGINT NOT NULL,
  PRIMARY KEY (program_id, reward_id, kind, account, sequence)
) /* WITHOUT ROWID */;
INSERT INTO ledger_entry_of_any_kind (program_id, reward_id, kind, account, currency,
    amount_minor, entry_time)
  SELECT program_id, reward_id, kind, account, currency, amount_minor, entry_time
  FROM ledger_entry;
DROP TABLE ledger_entry;
ALTER TABLE ledger_entry_of_any_kind RENAME TO ledger_entry;

-- What is to be done at a time, derived from the rows that it is about.
CREATE TABLE due_work (
  program_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  due_time BIGINT NOT NULL,
  PRIMARY KEY (program_id, kind, subject_id)
);
CREATE INDEX due_work_by_time ON due_work (due_time, program_id, kind, subject_id);

-- Campaigns whose rewards are paused.
CREATE TABLE paused_campaign (
  program_id TEXT NOT NULL,
  campaign TEXT NOT NULL,
  paused_time BIGINT NOT NULL,
  cause TEXT NOT NULL,
  paused_by TEXT NOT NULL,
  PRIMARY KEY (program_id, campaign)
) /* WITHOUT ROWID */;
