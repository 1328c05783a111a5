-- Requests that have been closed for as long as they are kept (`request_days`) are looked for every few seconds.
CREATE INDEX coordination_request_closed ON coordination_request (closed_at) WHERE closed_at IS NOT NULL;
