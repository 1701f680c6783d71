-- Whether a lead that named no campaign has it from the code that its customer gave.

ALTER TABLE referral ADD COLUMN campaign_by_code BIGINT NOT NULL DEFAULT 0
  CHECK (campaign_by_code IN (0, 1));

-- With one column more SQLite would rather walk along the key; the time makes it use this.
DROP INDEX referral_lead_by_name;
CREATE INDEX referral_lead_by_name
  ON referral (program_id, advocate_id, name_hash, submitted_time)
  WHERE origin = 'lead' AND name_hash IS NOT NULL;
