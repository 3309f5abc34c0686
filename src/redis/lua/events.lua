-- Tells of something in a stream of events, of which about `most` are kept. What only tells must not be able to fail what it
-- tells of: where it is refused it is left out.
local function tell(stream, most, type, job, camera, data)
  redis.pcall('XADD', stream, 'MAXLEN', '~', most, '*', 'type', type, 'jobId', job, 'cctvId', camera, 'data', data)
end
