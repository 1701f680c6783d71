-- Leads: how they are listed, who wants to be left alone, and how many stand where.

-- Those that converted before the sales work was kept are won.
UPDATE referral SET lead_state = 'won', lead_state_time = conversion_time
  WHERE origin = 'lead' AND conversion_id <> '';

-- The listings, each in order of id.
CREATE INDEX referral_lead_by_state ON referral (program_id, lead_state, referral_id)
  WHERE origin = 'lead';
CREATE INDEX referral_lead_by_campaign ON referral (program_id, campaign, referral_id)
  WHERE origin = 'lead' AND campaign <> '';
CREATE INDEX referral_lead_by_fit ON referral (program_id, fit, referral_id)
  WHERE origin = 'lead' AND fit <> 'unknown';
-- Leads of one advocate with one name.
CREATE INDEX referral_lead_by_name ON referral (program_id, advocate_id, name_hash)
  WHERE origin = 'lead' AND name_hash IS NOT NULL;
-- Those that wait for their first contact, and those that waited too long.
CREATE INDEX referral_lead_to_contact ON referral (program_id, follow_up_due_time, referral_id)
  WHERE lead_state = 'submitted' AND follow_up_due_time IS NOT NULL;
CREATE INDEX referral_lead_breached ON referral (program_id, follow_up_due_time, referral_id)
  WHERE follow_up_breached = 1;

-- Addresses and numbers, as keyed hashes, of those who do not want to be referred.
CREATE TABLE opt_out (
  program_id TEXT NOT NULL,
  hash BYTEA NOT NULL,
  opted_out_time BIGINT NOT NULL,
  PRIMARY KEY (program_id, hash)
) /* WITHOUT ROWID */;

-- Leads that name a campaign, by state, maintained with the rows.
CREATE TABLE lead_funnel (
  program_id TEXT NOT NULL,
  campaign TEXT NOT NULL,
  lead_state TEXT NOT NULL,
  leads BIGINT NOT NULL,
  PRIMARY KEY (program_id, campaign, lead_state)
) /* WITHOUT ROWID */;
INSERT INTO lead_funnel (program_id, campaign, lead_state, leads)
  SELECT program_id, campaign, lead_state, COUNT(*) FROM referral
  WHERE origin = 'lead' AND campaign <> '' GROUP BY program_id, campaign, lead_state;
INSERT INTO summary (program_id, name, value)
  SELECT program_id, 'leads/' || lead_state, COUNT(*) FROM referral
  WHERE origin = 'lead' GROUP BY program_id, lead_state;

-- How many leads an advocate has submitted: what milestones of contacts count.
ALTER TABLE advocate ADD COLUMN leads BIGINT NOT NULL DEFAULT 0 CHECK (leads >= 0);
UPDATE advocate SET leads = (
  SELECT COUNT(*) FROM referral r
  WHERE r.program_id = advocate.program_id AND r.advocate_id = advocate.advocate_id
    AND r.origin = 'lead');

-- When a lead was first found to fit; by those rules a referee who becomes known later is paid.
ALTER TABLE referral ADD COLUMN qualified_time BIGINT;
