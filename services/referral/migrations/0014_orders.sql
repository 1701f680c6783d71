-- Which order a conversion is about, so that the release event of one order does not release
-- what another one has earned.

ALTER TABLE conversion ADD COLUMN order_id TEXT NOT NULL DEFAULT '';
