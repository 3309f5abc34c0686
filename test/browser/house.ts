import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { Service } from '../support/service.js';

/** Who may sign in at every house: an operator, an inspector, a viewer. */
export const TOKENS = {
  operator: 'control-token-of-the-operator',
  inspector: 'a-token-of-an-inspector',
  viewer: 'a-token-of-a-viewer',
} as const;

/** Texts that show that a page is still waiting for what it asked. */
const READING = 'main .quiet:text-matches("^(Reading|불러오는)")';

/** The two ways in which every page is looked at: together they have both schemes, languages and a narrow screen. */
const LOOKS = [
  { colorScheme: 'light', locale: 'en-US', width: 1440 },
  { colorScheme: 'dark', locale: 'ko-KR', width: 390 },
] as const;

/** How a page is opened. */
export interface Opening {
  readonly width?: number;
  readonly height?: number;
  readonly colorScheme?: 'light' | 'dark';
  readonly locale?: 'en-US' | 'ko-KR';
  readonly hasTouch?: boolean;
  /** Signed in with this token; without one it is who has not signed in. */
  readonly token?: string;
}

/** The whole service with its page, and a browser that notes whatever goes wrong in it. */
export class House {
  /** The token of an operator. */
  readonly token = TOKENS.operator;
  /** Errors on the console, violations of the policy and requests to elsewhere, since the start. */
  readonly faults: string[] = [];
  private readonly contexts: BrowserContext[] = [];

  private constructor(
    public service: Service,
    private readonly browser: Browser,
    private readonly folder: string,
    private readonly settings: Record<string, string>,
  ) {}

  /** Starts both; `environment` as for {@link Service.start}. */
  static async open(environment: Record<string, string>): Promise<House> {
    const folder = mkdtempSync(join(tmpdir(), 'roadstream-house-'));
    const tokensFile = join(folder, 'tokens.json');
    writeFileSync(tokensFile, JSON.stringify({ tokens: [line('inspector'), line('viewer')] }));
    const settings = { CONTROL_TOKEN: TOKENS.operator, TOKENS_FILE: tokensFile, ...environment };
    const service = await Service.start(settings);
    const executablePath = execFileSync('which', ['chromium'], { encoding: 'utf8' }).trim();
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
    return new House(service, browser, folder, settings);
  }

  /** A tab of a browser of its own, at a path below `/ui/`. */
  async visit(path: string, { width = 1440, height = 900, token, ...rest }: Opening = {}): Promise<Page> {
    const context = await this.browser.newContext({ viewport: { width, height }, reducedMotion: 'reduce', ...rest });
    this.contexts.push(context);
    if (token !== undefined) await this.signIn(context, token);
    const page = await context.newPage();
    this.watch(page);
    await page.goto(`${this.service.url}/ui/${path}`);
    return page;
  }

  /** A call of the operator's, beside the page. @param path below `/` */
  async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const headers = { authorization: `Bearer ${TOKENS.operator}`, 'content-type': 'application/json' };
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    return (await this.service.json(path, { method, headers, ...sent })) as T;
  }

  /**
   * Looks at a page in both schemes and languages, wide and at 390 px, and says what is wrong with it: what axe finds, raw names of texts,
   * what is wider than the screen, and all {@link faults} so far. `ready` waits until it shows what it is to show.
   */
  async blame(path: string, ready: (page: Page) => Promise<unknown> = settled): Promise<string[]> {
    const found: string[] = [];
    for (const look of LOOKS) {
      const page = await this.visit(path, { token: this.token, ...look });
      await settled(page);
      await ready(page);
      const told = [...(await this.objections(page)), ...(await rawKeys(page)), ...(await tooWide(page))];
      found.push(...told.map((fault) => `${path} ${look.colorScheme} ${look.locale} ${look.width}: ${fault}`));
      await page.context().close();
    }
    return [...found, ...this.faults];
  }

  /** What axe has to say against a page, in short. */
  async objections(page: Page): Promise<string[]> {
    const { violations } = await new AxeBuilder({ page }).analyze();
    return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`));
  }

  /** Kills the service, and starts it again under the same address after something happened. */
  async restart(meanwhile: () => Promise<unknown>): Promise<void> {
    const { port } = new URL(this.service.url);
    await this.service.stop('SIGKILL');
    await meanwhile();
    this.service = await Service.start({ ...this.settings, PORT: port });
  }

  async close(): Promise<void> {
    await Promise.all(this.contexts.map((context) => context.close()));
    await this.browser.close();
    await this.service.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  private async signIn(context: BrowserContext, token: string): Promise<void> {
    const headers = { Origin: this.service.url };
    const answer = await context.request.post(`${this.service.url}/api/v1/session`, { data: { token }, headers });
    if (!answer.ok()) throw new Error(`Nobody signs in: ${await answer.text()}`);
  }

  private watch(page: Page): void {
    page.on('console', (message) => {
      // A call that is refused is told by the browser, too; the page shows it by itself.
      const isRefusal = message.text().startsWith('Failed to load resource');
      if (message.type() === 'error' && !isRefusal) this.faults.push(`${page.url()}: ${message.text()}`);
    });
    page.on('pageerror', (error) => this.faults.push(`${page.url()}: ${error.message}`));
    page.on('request', (request) => {
      const url = request.url();
      if (url.startsWith('http') && !url.startsWith(this.service.url)) this.faults.push(`${page.url()} asks ${url}`);
    });
  }
}

/** Waits until a page has its heading and has read what it asked for. */
export async function settled(page: Page): Promise<void> {
  await page.locator('h1').first().waitFor();
  await page.locator(READING).first().waitFor({ state: 'detached' });
}

function line(role: 'inspector' | 'viewer') {
  return { name: role, role, sha256: createHash('sha256').update(TOKENS[role]).digest('hex') };
}

async function rawKeys(page: Page): Promise<string[]> {
  const text = await page.locator('body').innerText();
  const keys = text.match(
    /\b(?:common|role|unit|city|cameras?|review|findings|jobs|letters|workers|system|log)\.[a-z]\w+\b(?!\.)/g,
  );
  return (keys ?? []).map((key) => `shows the name of a text: ${key}`);
}

async function tooWide(page: Page): Promise<string[]> {
  const [wide, screen] = await page.evaluate<[number, number]>('[document.documentElement.scrollWidth, innerWidth]');
  return wide > screen ? [`is ${wide} px wide on a screen of ${screen} px`] : [];
}
