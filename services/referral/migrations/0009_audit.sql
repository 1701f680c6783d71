-- Who decided last what leaves no other trace, and when: that a campaign goes on, that a code is
-- withdrawn, that a fulfilment is tried again. An empty decided_by: nobody said.
CREATE TABLE decision (
  program_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  decided_time BIGINT NOT NULL,
  decided_by TEXT NOT NULL,
  PRIMARY KEY (program_id, kind, subject_id)
) /* WITHOUT ROWID */;
