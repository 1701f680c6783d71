-- How many of an advocate's referrals count towards milestones and Nth successes: those whose
-- fraud gate is open. `leads` are from now on these, too.

ALTER TABLE advocate ADD COLUMN counted_qualified BIGINT NOT NULL DEFAULT 0
  CHECK (counted_qualified >= 0);
ALTER TABLE advocate ADD COLUMN counted_successes BIGINT NOT NULL DEFAULT 0
  CHECK (counted_successes >= 0);
UPDATE advocate SET counted_qualified = qualified, counted_successes = conversions;
UPDATE advocate SET
    leads = (SELECT COUNT(*) FROM referral WHERE referral.program_id = advocate.program_id
               AND referral.advocate_id = advocate.advocate_id AND origin = 'lead'
               AND fraud IN ('clear', 'approved')),
    counted_qualified = (SELECT COUNT(*) FROM referral
             WHERE referral.program_id = advocate.program_id
               AND referral.advocate_id = advocate.advocate_id AND ever_qualified = 1
               AND fraud IN ('clear', 'approved')),
    counted_successes = (SELECT COUNT(*) FROM referral
             WHERE referral.program_id = advocate.program_id
               AND referral.advocate_id = advocate.advocate_id AND conversion_id <> ''
               AND fraud IN ('clear', 'approved'))
  WHERE EXISTS (SELECT 1 FROM referral WHERE referral.program_id = advocate.program_id
                  AND referral.advocate_id = advocate.advocate_id
                  AND fraud IN ('held', 'rejected'));

-- What a campaign's rules count, and what is to be looked at when a count falls.
CREATE INDEX referral_of_campaign
  ON referral (program_id, advocate_id, campaign, submitted_time)
  WHERE campaign <> '';
CREATE INDEX reward_over_counts ON reward (program_id, recipient_id)
  WHERE trigger_name IN ('milestone', 'nth_success');
