import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { withBothNames } from './both-names.js';

/** Jobs take from seconds (recorded clips) to the longest that `sec` allows. s */
const JOB_BUCKETS = [1, 2.5, 5, 10, 15, 20, 30, 45, 60, 120, 300, 600];
const STEP_BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120, 300, 600];
const WAIT_BUCKETS = [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 900, 3600];

/**
 * Every metric of the service, in one place. New ones begin with `roadstream_`; the others get such a name beside theirs, by
 * `withBothNames`. Labels stay few and bounded: kind (of job), outcome, step, state, code; a camera only
 * where dashboards already rely on it, and then with a cap. Never a URL or a job's name.
 */
export class Metrics {
  readonly registry = new Registry();

  /** Deliveries that ended, by what became of them: complete, retry, snooze, discard, release, cancel, abandon. */
  readonly jobs = this.counter('worker_jobs_total', 'Deliveries that ended, by outcome', ['kind', 'outcome']);
  /** Runs that threw, by the error's code. */
  readonly failures = this.counter('worker_job_failures_total', 'Runs that failed, by error code', ['kind', 'code']);
  readonly unexpected = this.counter('worker_unexpected_errors_total', 'Errors that nobody planned for: bugs', [
    'kind',
  ]);
  readonly rescued = this.counter(
    'worker_rescued_total',
    'Deliveries taken up again: retries, released or orphaned jobs',
    ['kind'],
  );
  readonly groupsRemade = this.counter(
    'worker_groups_remade_total',
    'Consumer groups that somebody destroyed, or whose stream was deleted, and that were made anew',
    ['kind'],
  );
  readonly trimmed = this.counter(
    'worker_trimmed_total',
    'Entries that a producer or a person removed from the stream while they were pending',
    ['kind'],
  );
  readonly redisOutages = this.counter('worker_redis_outages_total', 'Times that Redis could not be reached', []);

  readonly jobDuration = this.histogram(
    'worker_job_duration_seconds',
    'Time from claim to settlement: the run, and waits for a Redis that was away',
    JOB_BUCKETS,
    ['kind', 'outcome'],
  );
  readonly stepDuration = this.histogram('worker_step_duration_seconds', 'Time of one step of a job', STEP_BUCKETS, [
    'kind',
    'step',
  ]);
  readonly queueWait = this.histogram(
    'worker_queue_wait_seconds',
    'Time from enqueuing to the first run',
    WAIT_BUCKETS,
    ['kind'],
  );

  readonly slots = this.gauge('worker_slots', 'Slots of this worker: limit and in_use', ['kind', 'state']);
  readonly claiming = this.gauge(
    'worker_claiming',
    '1 while new jobs are claimed, 0 while paused, draining or held back',
    ['kind'],
  );
  readonly paused = this.gauge(
    'roadstream_paused',
    '1 while a person keeps this worker from claiming: it is paused, or its whole group is',
    ['kind'],
  );
  readonly leasesAtRisk = this.gauge(
    'roadstream_leases_at_risk',
    '1 while the leases of the jobs in hand are not renewed, so that another worker may run them too',
    ['kind'],
  );
  readonly queueDemand = this.gauge(
    'worker_queue_demand',
    'Jobs that need a worker: not delivered yet, waiting for a retry, or in hand. What to scale by',
    ['kind'],
  );
  readonly streamLength = this.gauge(
    'worker_stream_length',
    'Entries in a stream, finished ones that are still kept included: no measure of the work there is',
    ['stream'],
  );
  readonly streamLag = this.gauge(
    'worker_stream_lag',
    'Entries not delivered yet; what waits for a retry is not among them: scale by the demand',
    ['stream'],
  );
  readonly streamPending = this.gauge(
    'worker_stream_pending',
    'Entries delivered and not acknowledged: they run or wait',
    ['stream'],
  );
  readonly streamWaiting = this.gauge('worker_stream_waiting', 'Pending entries that wait for a retry', ['stream']);
  readonly oldestPending = this.gauge(
    'worker_oldest_pending_seconds',
    'Age of the oldest job that runs or waits. What waits for a retry or a camera counts, too, so that it grows while nothing is wrong: alert on roadstream_queue_oldest_undelivered_seconds and roadstream_queue_oldest_due_seconds',
    ['stream'],
  );
  readonly oldestUndelivered = this.gauge(
    'roadstream_queue_oldest_undelivered_seconds',
    'Age of the oldest job that no worker was given yet; 0 with none',
    ['kind', 'stream'],
  );
  readonly oldestDue = this.gauge(
    'roadstream_queue_oldest_due_seconds',
    'For how long the first of the jobs that wait is due by now; 0 while none is',
    ['kind', 'stream'],
  );
  readonly deadLetters = this.gauge('roadstream_dead_letters', 'Jobs that were given up, by reason code', [
    'kind',
    'code',
  ]);
  readonly oldestDeadLetter = this.gauge(
    'roadstream_dead_letters_oldest_seconds',
    'How long ago the oldest job was given up that is still kept; 0 with none',
    ['kind'],
  );
  readonly oldestUnread = this.gauge(
    'roadstream_results_oldest_unread_seconds',
    'Age of the oldest result that a group has not marked as done; 0 with none. Beyond RESULTS_KEEP_HOURS it is lost to the group',
    ['kind', 'group'],
  );
  readonly dlqLength = this.gauge('worker_dlq_length', 'Jobs that were given up', ['kind']);
  readonly lettersDropped = this.counter(
    'roadstream_dead_letters_dropped_total',
    'Dead letters deleted for good by DLQ_KEEP_DAYS (age) or DLQ_MAX (number)',
    ['kind', 'reason'],
  );
  readonly cameras = this.gauge(
    'worker_cameras_failing',
    'Cameras that failed lately: failing, or down so that their jobs wait; of the kind webhook, receivers',
    ['kind', 'state'],
  );
  readonly gpuMemoryFree = this.gauge('worker_gpu_memory_free_bytes', 'Free memory of the GPU that has least', []);
  readonly eventLoopDelay = this.gauge(
    'worker_event_loop_delay_seconds',
    'How late the event loop ran in the last one to two minutes',
    ['percentile'],
  );
  readonly residentMemory = this.gauge('process_resident_memory_bytes', 'Resident memory of the process', []);
  /** These names are those that every Node dashboard knows. Of the main thread's heap, and of what lies outside of it. */
  readonly heapUsed = this.gauge('nodejs_heap_size_used_bytes', 'Heap of the main thread in use', []);
  readonly externalMemory = this.gauge('nodejs_external_memory_bytes', 'Memory outside the heap that objects hold', []);
  readonly arrayBuffers = this.gauge('nodejs_array_buffers_bytes', 'Part of it that is in buffers', []);
  readonly cpu = this.counter('process_cpu_seconds_total', 'CPU time of the process, all threads', []);
  readonly startTime = this.gauge(
    'process_start_time_seconds',
    'When the process started, seconds since the epoch',
    [],
  );

  readonly storeUp = this.gauge('artifact_store_up', '1 while artifacts can be stored, 0 in an outage', []);
  readonly storeOutages = this.counter('artifact_store_outages_total', 'Times that artifacts could not be stored', []);

  readonly captureBytes = this.counter('capture_bytes_total', 'Bytes that cameras sent', []);
  readonly captureRequests = this.counter(
    'capture_requests_total',
    'Requests to cameras: playlists, segments, keys',
    [],
  );
  readonly captureRefusals = this.counter('capture_refusals_total', 'Requests that the outbound policy refused', []);

  readonly askedSeconds = this.counter('capture_asked_seconds_total', 'Seconds of video that jobs asked for', []);
  readonly watchedSeconds = this.counter('capture_watched_seconds_total', 'Seconds of it that cameras gave', []);
  readonly captureReconnects = this.counter(
    'capture_reconnects_total',
    'Streams that broke off while they were watched and were taken up again',
    [],
  );
  readonly poorFrames = this.counter(
    'capture_poor_frames_total',
    'Frames that came but count for nothing: damaged, repeated',
    ['what'],
  );

  readonly recordingSegments = this.counter('recording_segments_total', 'Segments of video that were recorded', []);
  readonly recordingActive = this.gauge('recording_active', 'Cameras that this replica records', []);
  readonly recordingRestarts = this.counter(
    'recording_restarts_total',
    'Recordings that broke off and were begun anew, by error code',
    ['code'],
  );
  readonly recordingDeleted = this.counter(
    'recording_deleted_total',
    'Recordings that were deleted, by reason: age, disk',
    ['reason'],
  );

  readonly webhookEvents = this.counter(
    'roadstream_webhook_events_total',
    'Ends of jobs, for each receiver: queued, repeated (it was queued before), off (endpoint switched off), full (too many wait)',
    ['result'],
  );

  readonly scheduledJobs = this.counter(
    'schedule_jobs_total',
    'Jobs that this replica added by the clock: segment, inspection',
    ['kind'],
  );

  readonly relayMessages = this.counter(
    'roadstream_relay_messages_total',
    'Messages from and to other systems, by what became of them. in: added, known, refused, failed; out: sent, refused, failed',
    ['relay', 'direction', 'result'],
  );
  readonly relayDelay = this.gauge(
    'roadstream_relay_delay_seconds',
    'How old the last message was when it was taken, or the last result when it was sent; 0 when there was none',
    ['relay', 'direction'],
  );
  readonly relayWorks = this.gauge(
    'roadstream_relay_up',
    '1 while a relay does its work, 0 while the other side or Redis keeps it from it',
    ['relay', 'direction'],
  );

  readonly unclearLooks = this.counter(
    'roadstream_unclear_looks_total',
    'Inspections whose picture of the road is inconclusive: night, fog, a slate, a frozen picture',
    ['camera_id'],
  );
  readonly clearLook = this.gauge(
    'roadstream_camera_clear_look_timestamp_seconds',
    'When the last inspection of a camera ended whose picture is not inconclusive, seconds since the epoch',
    ['camera_id'],
  );
  readonly detections = this.counter('detection_total', 'Damages found', ['camera_id', 'model_type']);
  readonly reported = this.counter(
    'detection_reported_total',
    'Of those, what an alarm may be raised on: visits agree on it, and the detector is sure',
    ['camera_id', 'model_type'],
  );
  /** A gauge because users' alerts compare this very name with a number of seconds. */
  readonly detectionLatency = this.gauge('detection_latency_seconds', 'Time of the last damage detection of a camera', [
    'camera_id',
  ]);
  readonly detectionDuration = this.histogram(
    'detection_duration_seconds',
    'Time of a damage detection',
    STEP_BUCKETS,
    ['model_type'],
  );

  /** `status`: ok, rate_limited, day_quota, bad_key, refused, failed or aborted. */
  readonly reviews = this.counter(
    'roadstream_reviews_total',
    'What people said of findings, by the detector that saw them',
    ['detector', 'version', 'decision'],
  );

  readonly llmRequests = this.counter('llm_requests_total', 'Questions sent to Gemini, by how they ended', [
    'model',
    'api_key_id',
    'status',
  ]);
  readonly llmTokens = this.counter('llm_tokens_total', 'Tokens sent to Gemini (input) and written by it (output)', [
    'model',
    'api_key_id',
    'direction',
  ]);
  readonly llmDuration = this.histogram(
    'llm_request_duration_seconds',
    'Time from sending a question to Gemini to the end of its answer',
    STEP_BUCKETS,
    ['model'],
  );
  readonly llmCost = this.counter('llm_cost_usd_total', 'Estimated cost of what Gemini answered, USD', ['model']);
  readonly llmBudgetSpent = this.gauge(
    'roadstream_llm_budget_spent',
    '1 while no Gemini project has budget, so that assessments wait for it',
    [],
  );
  readonly llmKeys = this.gauge('llm_keys', 'Gemini keys as this worker knows them: ok, parked or retired', ['state']);

  /** All of them in the text format of Prometheus, under their new names and the old ones. */
  async text(): Promise<string> {
    return withBothNames(await this.registry.metrics());
  }

  private counter<L extends string>(name: string, help: string, labelNames: L[]): Counter<L> {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }

  private gauge<L extends string>(name: string, help: string, labelNames: L[]): Gauge<L> {
    return new Gauge({ name, help, labelNames, registers: [this.registry] });
  }

  private histogram<L extends string>(name: string, help: string, buckets: number[], labelNames: L[]): Histogram<L> {
    return new Histogram({ name, help, buckets, labelNames, registers: [this.registry] });
  }
}
