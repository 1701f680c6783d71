-- What the advocacy service keeps. Times are microseconds since 1970 UTC.

-- The programs that the service knows: a policy was applied or a fact came.
CREATE TABLE program (
  program_id     TEXT   NOT NULL PRIMARY KEY,
  policy_version BIGINT NOT NULL CHECK (policy_version >= 0)  -- the newest; 0: the defaults
) /* WITHOUT ROWID */;

-- Every version of a program's scoring policy. No effective_at: in force since ever.
CREATE TABLE scoring_policy (
  program_id   TEXT   NOT NULL,
  version      BIGINT NOT NULL CHECK (version > 0),
  effective_at BIGINT CHECK ((effective_at IS NULL) = (version = 1)),
  content      TEXT   NOT NULL,
  PRIMARY KEY (program_id, version)
);

CREATE TABLE advocate (
  program_id  TEXT   NOT NULL,
  advocate_id TEXT   NOT NULL,
  points      BIGINT NOT NULL,
  successes   BIGINT NOT NULL CHECK (successes >= 0),
  activities  BIGINT NOT NULL CHECK (activities >= 0),
  tier        TEXT   NOT NULL,  -- as last announced
  enrolled_at BIGINT,
  PRIMARY KEY (program_id, advocate_id)
) /* WITHOUT ROWID */;

-- Acts. cap_*: the limit under which the act was judged.
CREATE TABLE activity (
  program_id     TEXT   NOT NULL,
  activity_id    TEXT   NOT NULL,
  advocate_id    TEXT   NOT NULL,
  behaviour      TEXT   NOT NULL,
  occurred_at    BIGINT NOT NULL,
  time_given     BIGINT NOT NULL CHECK (time_given IN (0, 1)),
  channel        TEXT   NOT NULL,
  url            TEXT   NOT NULL,
  policy_version BIGINT NOT NULL CHECK (policy_version >= 0),
  worth          BIGINT NOT NULL CHECK (worth >= 0),
  counted        BIGINT NOT NULL CHECK (counted IN (0, 1)),
  cap_max        BIGINT CHECK (cap_max >= 0),
  cap_days       BIGINT CHECK (cap_days > 0),
  cap_period     BIGINT,
  reversed_at    BIGINT,
  reversal_cause TEXT   NOT NULL,
  entries        BIGINT NOT NULL CHECK (entries >= 0),
  PRIMARY KEY (program_id, activity_id),
  CHECK ((cap_max IS NULL) = (cap_days IS NULL) AND (cap_max IS NULL) = (cap_period IS NULL)),
  CHECK (counted = 1 OR cap_max IS NOT NULL)
);
CREATE INDEX activity_by_cap_period
  ON activity (program_id, advocate_id, behaviour, cap_days, cap_period)
  WHERE cap_days IS NOT NULL;

-- Conversions of referrals, live until reversed.
CREATE TABLE success (
  program_id    TEXT   NOT NULL,
  conversion_id TEXT   NOT NULL,
  referral_id   TEXT   NOT NULL,
  advocate_id   TEXT   NOT NULL,
  occurred_at   BIGINT NOT NULL,
  points        BIGINT NOT NULL CHECK (points >= 0),
  reversed_at   BIGINT,
  entries       BIGINT NOT NULL CHECK (entries >= 0),
  PRIMARY KEY (program_id, conversion_id)
) /* WITHOUT ROWID */;

-- The ledger of points, append-only. source: 1 an act, 2 a conversion. An advocate's points
-- are the sum of the entries; the primary key keeps a source from being booked twice.
CREATE TABLE point_entry (
  program_id  TEXT   NOT NULL,
  source      BIGINT NOT NULL CHECK (source IN (1, 2)),
  source_id   TEXT   NOT NULL,
  number      BIGINT NOT NULL CHECK (number > 0),
  advocate_id TEXT   NOT NULL,
  points      BIGINT NOT NULL CHECK (points <> 0),
  occurred_at BIGINT NOT NULL,
  PRIMARY KEY (program_id, source, source_id, number)
) /* WITHOUT ROWID */;

-- Maintained counts. No CHECK: an upsert checks the amount that it adds, too.
CREATE TABLE advocates_by_successes (
  program_id TEXT   NOT NULL,
  successes  BIGINT NOT NULL,
  advocates  BIGINT NOT NULL,
  PRIMARY KEY (program_id, successes)
) /* WITHOUT ROWID */;
CREATE TABLE advocates_by_points (
  program_id TEXT   NOT NULL,
  points     BIGINT NOT NULL,
  advocates  BIGINT NOT NULL,
  PRIMARY KEY (program_id, points)
) /* WITHOUT ROWID */;
CREATE TABLE activities_by_behaviour (
  program_id TEXT   NOT NULL,
  behaviour  TEXT   NOT NULL,
  activities BIGINT NOT NULL,  -- acts that count
  PRIMARY KEY (program_id, behaviour)
) /* WITHOUT ROWID */;
