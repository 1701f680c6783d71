-- Who took a reward back, and what recalculation and explanation ask by.

ALTER TABLE reward ADD COLUMN closed_by TEXT NOT NULL DEFAULT '';
-- Conversions in order of time: the pages of a recalculation.
CREATE INDEX conversion_by_time ON conversion (program_id, conversion_time, conversion_id);
-- A referral's rewards in order of id, so that they can be listed in pages.
DROP INDEX reward_by_referral;
CREATE INDEX reward_by_referral ON reward (program_id, referral_id, reward_id);
-- How many rewards are in each state, maintained with the rows from now on.
INSERT INTO summary (program_id, name, value)
  SELECT program_id, 'rewards/' || state, COUNT(*) FROM reward GROUP BY program_id, state;
