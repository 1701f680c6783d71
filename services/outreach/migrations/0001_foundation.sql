-- Programs that outreach knows: a playbook was applied or a fact arrived.
CREATE TABLE program (
  program_id TEXT NOT NULL PRIMARY KEY,
  known_since BIGINT NOT NULL
) /* WITHOUT ROWID */;

-- Every version of every playbook; versions never change, only `newest` moves on.
CREATE TABLE playbook (
  program_id TEXT NOT NULL,
  playbook_id TEXT NOT NULL,
  version BIGINT NOT NULL CHECK (version > 0),
  newest BIGINT NOT NULL CHECK (newest IN (0, 1)),
  applied_at BIGINT NOT NULL,
  rules TEXT NOT NULL,
  PRIMARY KEY (program_id, playbook_id, version)
);
CREATE UNIQUE INDEX playbook_newest ON playbook (program_id, playbook_id) WHERE newest = 1;

-- Whom messages go to.
CREATE TABLE contact (
  program_id TEXT NOT NULL,
  contact_id TEXT NOT NULL,
  time_zone TEXT NOT NULL,
  locale TEXT NOT NULL,
  suppressions TEXT NOT NULL,
  PRIMARY KEY (program_id, contact_id)
) /* WITHOUT ROWID */;

-- Playbooks that were started, each once for a contact, a subject and a life: 0, or the
-- customer's latest return before the churn that started it.
CREATE TABLE enrollment (
  program_id TEXT NOT NULL,
  contact_id TEXT NOT NULL,
  playbook_id TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  life BIGINT NOT NULL,
  playbook_version BIGINT NOT NULL,
  referral_id TEXT NOT NULL,
  conversion_id TEXT NOT NULL,
  trigger_at BIGINT NOT NULL,
  started_by TEXT NOT NULL,
  exit_on_conversion BIGINT NOT NULL CHECK (exit_on_conversion IN (0, 1)),
  exit_on_churn BIGINT NOT NULL CHECK (exit_on_churn IN (0, 1)),
  ended_by TEXT NOT NULL,
  exit_on_return BIGINT NOT NULL CHECK (exit_on_return IN (0, 1)),
  PRIMARY KEY (program_id, contact_id, playbook_id, subject_id, life)
);
CREATE INDEX enrollment_by_referral ON enrollment (program_id, referral_id);
CREATE INDEX enrollment_by_conversion ON enrollment (program_id, conversion_id)
  WHERE conversion_id <> '';

-- Facts that end playbooks, also those that will only be started by a later fact, and the
-- returns that part the lives of a customer.
CREATE TABLE milestone (
  program_id TEXT NOT NULL,
  kind TEXT NOT NULL
    CHECK (kind IN ('referral_converted', 'customer_converted', 'conversion_reversed',
                    'customer_churned', 'customer_reactivated')),
  subject_id TEXT NOT NULL,
  happened_at BIGINT NOT NULL,
  PRIMARY KEY (program_id, kind, subject_id)
) /* WITHOUT ROWID */;

-- The steps of started playbooks. `ready_at` is the moment from which a sender may be given
-- the message: its due time, or the end of its lease.
CREATE TABLE message (
  program_id TEXT NOT NULL,
  message_id TEXT NOT NULL,
  contact_id TEXT NOT NULL,
  playbook_id TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  life BIGINT NOT NULL,
  step_id TEXT NOT NULL,
  playbook_version BIGINT NOT NULL,
  kind BIGINT NOT NULL CHECK (kind BETWEEN 1 AND 4),
  channel BIGINT NOT NULL CHECK (channel BETWEEN 1 AND 4),
  counts_towards_caps BIGINT NOT NULL CHECK (counts_towards_caps IN (0, 1)),
  started_by TEXT NOT NULL,
  planned_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  on_time_at BIGINT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('scheduled', 'leased', 'sent', 'skipped', 'dead')),
  ready_at BIGINT,
  attempt BIGINT NOT NULL CHECK (attempt >= 0),
  lease_token TEXT NOT NULL,
  claimed_at BIGINT,
  lease_end_at BIGINT,
  worker_id TEXT NOT NULL,
  closed_at BIGINT,
  exit_reason TEXT NOT NULL,
  reason TEXT NOT NULL,
  reason_detail TEXT NOT NULL,
  PRIMARY KEY (program_id, message_id),
  UNIQUE (program_id, contact_id, playbook_id, subject_id, life, step_id),
  CHECK ((ready_at IS NULL) = (state IN ('sent', 'skipped', 'dead'))),
  CHECK ((closed_at IS NULL) = (ready_at IS NOT NULL)),
  CHECK ((reason = '') = (state NOT IN ('skipped', 'dead')))
);
CREATE INDEX message_ready ON message (program_id, channel, ready_at, state, message_id);
-- What caps count of a contact.
CREATE INDEX message_claimed ON message (program_id, contact_id, claimed_at)
  WHERE claimed_at IS NOT NULL;

-- Maintained counts: contacts, enrollments, and messages by state and reason.
CREATE TABLE tally (
  program_id TEXT NOT NULL,
  name TEXT NOT NULL,
  state TEXT NOT NULL,
  reason TEXT NOT NULL,
  value BIGINT NOT NULL,
  PRIMARY KEY (program_id, name, state, reason)
) /* WITHOUT ROWID */;
