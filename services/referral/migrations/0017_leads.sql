-- Several leads may name the same referee: one that was rejected as a fraud, or whose window is
-- over, does not keep others from it. Which of them counts is judged; writers of a program take
-- turns. The time has SQLite use these indexes instead of the key.

DROP INDEX referral_lead_by_referee;
CREATE INDEX referral_lead_by_referee ON referral (program_id, referee_id, submitted_time)
  WHERE origin = 'lead' AND referee_id <> '';
DROP INDEX referral_lead_by_email;
CREATE INDEX referral_lead_by_email ON referral (program_id, email_hash, submitted_time)
  WHERE origin = 'lead' AND email_hash IS NOT NULL;
DROP INDEX referral_lead_by_phone;
CREATE INDEX referral_lead_by_phone ON referral (program_id, phone_hash, submitted_time)
  WHERE origin = 'lead' AND phone_hash IS NOT NULL;
