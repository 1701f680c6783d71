-- Times are microseconds since 1970 UTC, money is in minor units, an empty text means "not
-- known". Mail addresses are kept as keyed hashes only.

-- The rules, one row a version. An absent effective_time means "since ever".
CREATE TABLE program_version (
  program_id TEXT NOT NULL,
  version BIGINT NOT NULL CHECK (version > 0),
  effective_time BIGINT,
  content TEXT NOT NULL,
  PRIMARY KEY (program_id, version)
);

-- The key of a program's mail address hashes, made with its first version.
CREATE TABLE program_key (
  program_id TEXT NOT NULL PRIMARY KEY,
  email_key BYTEA NOT NULL
) /* WITHOUT ROWID */;

CREATE TABLE advocate (
  program_id TEXT NOT NULL,
  advocate_id TEXT NOT NULL,
  email_hash BYTEA,
  code TEXT NOT NULL,
  enrolled_time BIGINT NOT NULL,
  referrals BIGINT NOT NULL CHECK (referrals >= 0),
  signups BIGINT NOT NULL CHECK (signups >= 0),
  conversions BIGINT NOT NULL CHECK (conversions >= 0),
  PRIMARY KEY (program_id, advocate_id)
) /* WITHOUT ROWID */;

-- Whose a code is.
CREATE TABLE advocate_code (
  program_id TEXT NOT NULL,
  code TEXT NOT NULL,
  advocate_id TEXT NOT NULL,
  PRIMARY KEY (program_id, code)
) /* WITHOUT ROWID */;

-- Leads, and customers attributed without one. A row holds at most one live conversion.
CREATE TABLE referral (
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
    CHECK (evidence IN ('code', 'lead', 'self_reported', 'touch', 'none')),
  conversion_id TEXT NOT NULL,
  conversion_time BIGINT,
  ever_converted BIGINT NOT NULL CHECK (ever_converted IN (0, 1)),
  state TEXT NOT NULL CHECK (state IN ('submitted', 'signed_up', 'converted')),
  PRIMARY KEY (program_id, referral_id)
) /* WITHOUT ROWID */;
-- Nobody is referred twice: one lead for each referee and for each address.
CREATE UNIQUE INDEX referral_lead_by_referee ON referral (program_id, referee_id)
  WHERE origin = 'lead' AND referee_id <> '';
CREATE UNIQUE INDEX referral_lead_by_email ON referral (program_id, email_hash)
  WHERE origin = 'lead' AND email_hash IS NOT NULL;
CREATE INDEX referral_by_advocate ON referral (program_id, advocate_id, referral_id);

CREATE TABLE touch (
  program_id TEXT NOT NULL,
  touch_id TEXT NOT NULL,
  code TEXT NOT NULL,
  visitor_id TEXT NOT NULL,
  advocate_id TEXT NOT NULL,
  touch_time BIGINT NOT NULL,
  PRIMARY KEY (program_id, touch_id)
) /* WITHOUT ROWID */;
CREATE INDEX touch_by_visitor ON touch (program_id, visitor_id, touch_time);

-- Everybody who signed up: what was stated, and how it was judged.
CREATE TABLE customer (
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
    CHECK (evidence IN ('code', 'lead', 'self_reported', 'touch', 'none')),
  advocate_id TEXT NOT NULL,
  referral_id TEXT NOT NULL,
  rejected TEXT NOT NULL,
  open_conversions BIGINT NOT NULL CHECK (open_conversions >= 0),
  PRIMARY KEY (program_id, customer_id)
);
CREATE INDEX customer_by_email ON customer (program_id, email_hash)
  WHERE email_hash IS NOT NULL;
CREATE INDEX customer_by_visitor ON customer (program_id, visitor_id)
  WHERE visitor_id <> '';
CREATE INDEX customer_by_referrer ON customer (program_id, advocate_id)
  WHERE advocate_id <> '';

CREATE TABLE conversion (
  program_id TEXT NOT NULL,
  conversion_id TEXT NOT NULL,
  given_customer_id TEXT NOT NULL,
  given_referral_id TEXT NOT NULL,
  customer_id TEXT NOT NULL,
  referral_id TEXT NOT NULL,
  conversion_time BIGINT NOT NULL,
  amount_minor BIGINT,
  currency TEXT NOT NULL,
  program_version BIGINT NOT NULL,
  reversal_time BIGINT,
  cause TEXT NOT NULL,
  CHECK ((amount_minor IS NULL) = (currency = '')),
  CHECK ((reversal_time IS NULL) = (cause = '')),
  PRIMARY KEY (program_id, conversion_id)
);
CREATE INDEX conversion_open_by_customer ON conversion (program_id, customer_id)
  WHERE customer_id <> '' AND reversal_time IS NULL;
CREATE INDEX conversion_open_by_referral ON conversion (program_id, referral_id)
  WHERE referral_id <> '' AND reversal_time IS NULL;

-- The id is made of conversion and rule: the key carries "no reward twice".
CREATE TABLE reward (
  program_id TEXT NOT NULL,
  reward_id TEXT NOT NULL,
  referral_id TEXT NOT NULL,
  conversion_id TEXT NOT NULL,
  rule_id TEXT NOT NULL,
  program_version BIGINT NOT NULL,
  side TEXT NOT NULL CHECK (side IN ('referrer', 'referee')),
  recipient_id TEXT NOT NULL CHECK (recipient_id <> ''),
  kind TEXT NOT NULL CHECK (kind IN ('cash', 'credit')),
  amount_minor BIGINT NOT NULL CHECK (amount_minor > 0),
  currency TEXT NOT NULL,
  available_time BIGINT NOT NULL,
  created_time BIGINT NOT NULL,
  reversal_time BIGINT,
  cause TEXT NOT NULL,
  PRIMARY KEY (program_id, reward_id)
);
CREATE INDEX reward_by_recipient ON reward (program_id, recipient_id, reward_id);

-- How many rewards of a rule a recipient has that are not reversed.
CREATE TABLE reward_count (
  program_id TEXT NOT NULL,
  rule_id TEXT NOT NULL,
  recipient_id TEXT NOT NULL,
  rewards BIGINT NOT NULL CHECK (rewards >= 0),
  PRIMARY KEY (program_id, rule_id, recipient_id)
) /* WITHOUT ROWID */;

-- Append-only, double entry. Debits are positive. The key carries "booked once".
CREATE TABLE ledger_entry (
  program_id TEXT NOT NULL,
  reward_id TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('accrual', 'reversal')),
  account TEXT NOT NULL CHECK (account IN ('expense:rewards', 'liability:rewards')),
  currency TEXT NOT NULL,
  amount_minor BIGINT NOT NULL CHECK (amount_minor <> 0),
  entry_time BIGINT NOT NULL,
  PRIMARY KEY (program_id, reward_id, kind, account)
) /* WITHOUT ROWID */;

-- What the summary shows, maintained with the rows: each row adds what it stands for.
CREATE TABLE summary (
  program_id TEXT NOT NULL,
  name TEXT NOT NULL,
  value BIGINT NOT NULL,
  PRIMARY KEY (program_id, name)
) /* WITHOUT ROWID */;
