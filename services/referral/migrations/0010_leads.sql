-- Whether whom a lead names has opted out since, kept with the lead: nobody walks along leads
-- that nobody has to call.

ALTER TABLE referral ADD COLUMN opted_out BIGINT NOT NULL DEFAULT 0 CHECK (opted_out IN (0, 1));
UPDATE referral SET opted_out = 1
  WHERE origin = 'lead'
    AND (EXISTS (SELECT 1 FROM opt_out WHERE opt_out.program_id = referral.program_id
                   AND opt_out.hash = referral.email_hash)
         OR EXISTS (SELECT 1 FROM opt_out WHERE opt_out.program_id = referral.program_id
                      AND opt_out.hash = referral.phone_hash));

-- Those that wait for their first contact.
DROP INDEX referral_lead_to_contact;
CREATE INDEX referral_lead_to_contact ON referral (program_id, follow_up_due_time, referral_id)
  WHERE lead_state = 'submitted' AND follow_up_due_time IS NOT NULL AND fraud <> 'rejected'
    AND opted_out = 0;
