-- Days and instants that can be set lie in the years 1900 to 2199. What was scheduled for later waits again as a draft; a day of
-- a mandate becomes the last one.
UPDATE posts SET status = CASE WHEN published_at IS NULL THEN 'ready' ELSE 'unpublished' END, schedule = '', publish_at = NULL
 WHERE status = 'scheduled' AND publish_at >= 7258118400000;
UPDATE mandates SET next_on = '2199-12-31' WHERE next_on > '2199-12-31';
UPDATE mandates SET postponed_until = '2199-12-31' WHERE postponed_until > '2199-12-31';
