-- Whether the fulfilment of a reward failed for good, so that it waits for a person. It was known
-- by a retry_time in the far future, the last microsecond that there is.
ALTER TABLE reward ADD COLUMN failed BIGINT NOT NULL DEFAULT 0;
UPDATE reward SET failed = 1, retry_time = NULL WHERE retry_time = 9223372036854775807;
-- What may be handed out, without what failed.
DROP INDEX reward_queue;
CREATE INDEX reward_queue ON reward (program_id, (kind || '/' || item || '/' || campaign),
    COALESCE(retry_time, available_time), reward_id)
  WHERE state = 'held' AND failed = 0;
