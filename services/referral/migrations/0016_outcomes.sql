-- Conversions count within a time from now on, so that those which never come count as well: what
-- was counted without it says nothing of that. Alarms that were raised stay until they are reset.
CREATE TABLE conversion_baseline (
  program_id TEXT NOT NULL,
  within_micros BIGINT NOT NULL,
  outcomes BIGINT NOT NULL CHECK (outcomes > 0),
  successes BIGINT NOT NULL CHECK (successes BETWEEN 0 AND outcomes),
  first_time BIGINT NOT NULL,
  PRIMARY KEY (program_id, within_micros)
) /* WITHOUT ROWID */;
DELETE FROM quality_baseline WHERE metric = 'conversion';
UPDATE quality_test SET outcomes = 0, successes = 0, baseline_ppm = NULL, stated = 0,
  drop_basis_points = 0, false_alarm_ppm = 0, baseline_outcomes = 0, baseline_successes = 0,
  baseline_micros = 0
WHERE metric = 'conversion' AND alarm_time IS NULL;

-- Rewards that are held are told apart in the counts: those whose holding period is over, and of
-- these the ones that are to be tried again.
INSERT INTO summary (program_id, name, value)
SELECT program_id, 'rewards/available', COUNT(*) FROM reward
WHERE state = 'held' AND announced = 1 AND failed = 0 AND retry_time IS NULL GROUP BY program_id;

INSERT INTO summary (program_id, name, value)
SELECT program_id, 'rewards/fulfilling', COUNT(*) FROM reward
WHERE state = 'held' AND announced = 1 AND (failed = 1 OR retry_time IS NOT NULL)
GROUP BY program_id
ON CONFLICT (program_id, name) DO UPDATE SET value = summary.value + excluded.value;

DELETE FROM summary WHERE name = 'rewards/held';
INSERT INTO summary (program_id, name, value)
SELECT program_id, 'rewards/held', COUNT(*) FROM reward
WHERE state = 'held' AND announced = 0 GROUP BY program_id;
