import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { startGeminiServer, type GeminiServer } from '../support/gemini-server/gemini-server.js';
import { HlsMedia } from '../support/hls-media.js';
import { HlsOrigin } from '../support/hls-origin.js';
import { SegmentMedia } from '../support/segment-media.js';
import { Service } from '../support/service.js';
import { useFolder } from '../support/use-folder.js';
import { useRedis } from '../support/use-redis.js';
import { overlap, panelsWithQueries, readDashboards, type Panel } from './dashboards.js';
import { metricsIn, readYaml } from './rules-file.js';
import { startPrometheus } from './prometheus.js';
import { itWith, type HttpProgram } from './tools.js';

const withPrometheus = itWith('prometheus', 'prometheus');

/** Without data in this test, since they tell of what it does not have; their metrics are there all the same. */
const NEED = new Map([
  ['Reviews', 'a person who reviews a finding'],
  ['Recordings that broke off', 'a camera that is recorded and breaks off'],
  ['Recordings deleted', 'a camera that is recorded'],
  ['Jobs by the clock', 'a schedule, and a minute of time'],
  ['Relays', 'another system'],
  ['Webhooks', 'a receiver'],
  ['Relays that work', 'another system'],
]);

const VARIABLE = { type: 'prometheus', uid: '${datasource}' };

describe.each(readDashboards())('the dashboard $name', ({ text, dashboard: { uid, templating, panels } }) => {
  it('takes its data source from a variable, since inputs are not resolved when it is provisioned', () => {
    expect(text).not.toContain('__inputs');
    expect(templating.list).toEqual([
      expect.objectContaining({ name: 'datasource', type: 'datasource', query: 'prometheus' }),
    ]);
    for (const { targets = [], datasource } of panels) {
      if (targets.length > 0) expect(datasource).toEqual(VARIABLE);
      for (const target of targets) expect(target.datasource).toEqual(VARIABLE);
    }
    expect(uid).toMatch(/^roadstream-/);
  });

  it('says of each panel what it shows and in which unit, and no panel lies upon another', () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    for (const { title, description, fieldConfig, targets } of panels) {
      if (targets === undefined) continue;
      expect([title, description, fieldConfig?.defaults.unit]).toEqual([title, expect.any(String), expect.any(String)]);
      for (const { legendFormat } of targets)
        expect([title, legendFormat]).toEqual([title, expect.stringMatching(/./)]);
    }
    const pairs = panels.flatMap((one, at) => panels.slice(at + 1).map((other) => [one, other] as const));
    expect(pairs.filter(([one, other]) => overlap(one.gridPos, other.gridPos))).toEqual([]);
  });
});

it('Grafana is told of the data source and of the folder of dashboards', () => {
  expect(readYaml('ops/grafana/provisioning/datasources/roadstream.yaml')).toMatchObject({
    apiVersion: 1,
    datasources: [{ type: 'prometheus', url: expect.stringMatching(/^http:/) }],
  });
  expect(readYaml('ops/grafana/provisioning/dashboards/roadstream.yaml')).toMatchObject({
    apiVersion: 1,
    providers: [{ type: 'file', options: { path: expect.any(String) } }],
  });
});

describe('the panels', () => {
  const ended: { stop(): Promise<unknown> }[] = [];
  const folder = useFolder('prometheus');
  const { server, redis } = useRedis({
    endFirst: async () => {
      for (const one of ended.reverse()) await one.stop();
    },
  });
  let media: HlsMedia;
  let segments: SegmentMedia;
  let gemini: GeminiServer;

  beforeAll(async () => {
    [media, segments] = await Promise.all([HlsMedia.make(['vod']), SegmentMedia.make()]);
    gemini = await startGeminiServer();
    gemini.answer = () => ({ safetyScore: 72, summary: 'Wet.', roadCondition: 'wet', incidents: [] });
  }, 90_000);

  afterAll(async () => {
    await gemini.close();
    await Promise.all([media.remove(), segments.remove()]);
  });

  async function startAll(): Promise<{ service: Service; prometheus: HttpProgram; origin: HlsOrigin }> {
    const origin = await HlsOrigin.start(media);
    ended.push(origin);
    const service = await Service.start({
      REDIS_URL: server.url,
      OUTBOUND_ALLOW: `127.0.0.1:${origin.port}`,
      DAMAGE_DETECTOR: 'classical',
      GEMINI_API_KEY: 'test-key',
      GEMINI_BASE_URL: gemini.url,
      GEMINI_PRICE_INPUT: '1',
      GEMINI_PRICE_OUTPUT: '1',
      SEGMENTS_DIR: segments.folder,
      SEGMENT_STABLE_SECONDS: '0.1',
    });
    ended.push(service);
    const prometheus = await startPrometheus(folder, service.url);
    ended.push(prometheus);
    return { service, prometheus, origin };
  }

  async function work(origin: HlsOrigin, round: number): Promise<void> {
    const hls = origin.url('/vod/index.m3u8');
    await redis.xadd('stream:preprocess', '*', 'cctvId', 'cam', 'hls', hls, 'sec', '2');
    await redis.xadd('stream:preprocess', '*', 'cctvId', 'gone', 'hls', origin.url('/none.m3u8'), 'sec', 'many');
    const segment = ['segmentStart', `2024-09-09T1${round}:00:00Z`, 'video', 'ok.mp4'];
    await redis.xadd('stream:assess', '*', 'cctvId', 'cam', 'jobId', `a${round}`, ...segment);
  }

  async function hasData(prometheus: HttpProgram, expr: string): Promise<boolean> {
    const query = encodeURIComponent(expr.replaceAll('$__rate_interval', '2m'));
    const answer = (await prometheus.json(`/api/v1/query?query=${query}`)) as {
      status: string;
      error?: string;
      data?: { result: { value: [number, string] }[] };
    };
    expect([expr, answer.status, answer.error]).toEqual([expr, 'success', undefined]);
    return answer.data?.result.some(({ value }) => value[1] !== 'NaN') ?? false;
  }

  async function without(prometheus: HttpProgram, panels: readonly Panel[]): Promise<string[]> {
    const told = await Promise.all(
      panels.flatMap(({ title, targets = [] }) =>
        targets.map(async ({ expr }) => ((await hasData(prometheus, expr)) ? [] : [`${title}: ${expr}`])),
      ),
    );
    return told.flat();
  }

  withPrometheus(
    'have data, each query of each, when Prometheus looks at a worker that works',
    async () => {
      const { service, prometheus, origin } = await startAll();
      await redis.xgroup('CREATE', 'stream:preprocess:results', 'backend', '0', 'MKSTREAM').catch(() => undefined);
      const ends = (kind: string) => service.metric(`roadstream_jobs_total{kind="${kind}",outcome="complete"}`);
      const scraped = async (round: number): Promise<boolean> =>
        hasData(prometheus, `roadstream_jobs_total{kind="inspection",outcome="complete"} == ${round}`);
      // Twice, and each seen by Prometheus: a rate needs what came after.
      for (const round of [1, 2]) {
        await work(origin, round);
        const done = async () => (await ends('inspection')) === round && ((await ends('assessment')) ?? 0) >= round;
        await eventually(`round ${round} of work is done`, done, 60_000);
        await eventually('Prometheus has seen it', () => scraped(round), 20_000);
      }
      const [needing, others] = [true, false].map((needs) =>
        panelsWithQueries().filter(({ title }) => NEED.has(title) === needs),
      ) as [Panel[], Panel[]];
      let missing: string[] = [];
      const complete = async (): Promise<boolean> => (missing = await without(prometheus, others)).length === 0;
      await eventually('all have data', complete, 20_000).catch(() => undefined);
      expect(missing).toEqual([]);

      // These cannot, but what they ask for exists.
      const text = await (await fetch(`${service.url}/metrics`)).text();
      const asked = needing.flatMap(({ targets = [] }) => targets.flatMap(({ expr }) => metricsIn(expr)));
      expect(needing).toHaveLength(NEED.size);
      expect(asked.filter((name) => !text.includes(`# TYPE ${name} `))).toEqual([]);
      expect(await without(prometheus, needing)).toHaveLength(needing.length);
    },
    180_000,
  );
});
