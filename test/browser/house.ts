import { execFileSync } from 'node:child_process';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { Service } from '../support/service.js';

const CONTROL = 'control-token-of-the-operator';

/** How a page is opened. */
export interface Opening {
  readonly width?: number;
  readonly height?: number;
  readonly colorScheme?: 'light' | 'dark';
  readonly locale?: 'en-US' | 'ko-KR';
  /** Signed in with this token; without one it is who has not signed in. */
  readonly token?: string;
}

/** The whole service with its page, and a browser that notes whatever goes wrong in it. */
export class House {
  /** The token of an operator. */
  readonly token = CONTROL;
  /** Errors on the console, violations of the policy and requests to elsewhere, since the start. */
  readonly faults: string[] = [];
  private readonly contexts: BrowserContext[] = [];

  private constructor(
    readonly service: Service,
    private readonly browser: Browser,
  ) {}

  /** Starts both; `environment` as for {@link Service.start}. */
  static async open(environment: Record<string, string>): Promise<House> {
    const service = await Service.start({ CONTROL_TOKEN: CONTROL, ...environment });
    const executablePath = execFileSync('which', ['chromium'], { encoding: 'utf8' }).trim();
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
    return new House(service, browser);
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
    const headers = { authorization: `Bearer ${CONTROL}`, 'content-type': 'application/json' };
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    return (await this.service.json(path, { method, headers, ...sent })) as T;
  }

  /** What axe has to say against a page, in short. */
  async objections(page: Page): Promise<string[]> {
    const { violations } = await new AxeBuilder({ page }).analyze();
    return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`));
  }

  async close(): Promise<void> {
    await Promise.all(this.contexts.map((context) => context.close()));
    await this.browser.close();
    await this.service.stop();
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
