-- The quality-collapse alarm: counts only, from which its statistic is computed.

-- Outcomes of referrals outside campaigns.
CREATE TABLE quality_baseline (
  program_id TEXT NOT NULL,
  metric TEXT NOT NULL CHECK (metric IN ('qualification', 'conversion')),
  outcomes BIGINT NOT NULL CHECK (outcomes > 0),
  successes BIGINT NOT NULL CHECK (successes BETWEEN 0 AND outcomes),
  first_time BIGINT NOT NULL,
  PRIMARY KEY (program_id, metric)
) /* WITHOUT ROWID */;

-- The test of a campaign. The baseline is taken once, when it is known; until then it is NULL.
CREATE TABLE quality_test (
  program_id TEXT NOT NULL,
  campaign TEXT NOT NULL,
  metric TEXT NOT NULL CHECK (metric IN ('qualification', 'conversion')),
  outcomes BIGINT NOT NULL CHECK (outcomes >= 0),
  successes BIGINT NOT NULL CHECK (successes BETWEEN 0 AND outcomes),
  first_time BIGINT NOT NULL,
  last_time BIGINT NOT NULL,
  baseline_ppm BIGINT,
  stated BIGINT NOT NULL CHECK (stated IN (0, 1)),
  drop_basis_points BIGINT NOT NULL,
  false_alarm_ppm BIGINT NOT NULL,
  baseline_outcomes BIGINT NOT NULL,
  baseline_successes BIGINT NOT NULL,
  baseline_micros BIGINT NOT NULL,
  alarm_time BIGINT,
  reset_time BIGINT,
  reset_by TEXT NOT NULL,
  reset_cause TEXT NOT NULL,
  PRIMARY KEY (program_id, campaign, metric)
) /* WITHOUT ROWID */;
