-- How long leads waited for their first contact: counted from now on, so those that had it are
-- counted here. Times are microseconds, waits whole seconds each.

INSERT INTO summary (program_id, name, value)
SELECT program_id, 'contacted_leads', COUNT(*) FROM referral
WHERE origin = 'lead' AND first_contact_time IS NOT NULL GROUP BY program_id;

INSERT INTO summary (program_id, name, value)
SELECT program_id, 'contact_wait_seconds',
  CAST(SUM((first_contact_time - submitted_time) / 1000000) AS BIGINT) FROM referral
WHERE origin = 'lead' AND first_contact_time IS NOT NULL GROUP BY program_id;
