import { timingSafeEqual } from 'node:crypto';
import { messageOf } from '../../../job/errors.js';
import { Repeating, UNTOLD } from '../../../lib/repeating.js';
import type { Log } from '../../../log/log.js';
import { NAMELESS } from '../caller.js';
import { tokenDigest, parseTokens, readTokensText, type AccessToken } from './tokens-file.js';

/** A token that left the file lets nobody in any more after this time at the latest. ms */
const LOOK_EVERY_MS = 2_000;
const TOLD_AT_LOOK = 2;

/** Where tokens come from. */
export interface TokenSources {
  readonly controlToken: string | undefined;
  readonly tokensFile: string | undefined;
}

/** The tokens that let in: the operator's own and those of a file, which is looked at again and again. */
export class TokenBook {
  private readonly own: readonly AccessToken[];
  private ofFile: readonly AccessToken[] = [];
  /** What the file said when it was used last. */
  private text: string | undefined;
  /** What was wrong with it at the last look, and at how many in a row. */
  private wrong: { readonly problem: string | undefined; readonly times: number } = { problem: undefined, times: 0 };
  private readonly watch: Repeating;

  private changed: () => void = () => undefined;

  private constructor(
    private readonly file: string | undefined,
    controlToken: string | undefined,
    private readonly log: Log,
  ) {
    this.own =
      controlToken === undefined
        ? []
        : [{ name: NAMELESS.control, role: 'operator', digest: tokenDigest(controlToken) }];
    this.watch = new Repeating(() => this.look(), { everyMs: LOOK_EVERY_MS, events: UNTOLD, endsWithProcess: true });
  }

  /**
   * Reads the file, and keeps an eye on it until it is closed.
   * @throws TokensFileError TOKENS_FILE_UNREADABLE, TOKENS_FILE_WRONG
   */
  static async open({ controlToken, tokensFile }: TokenSources, log: Log): Promise<TokenBook> {
    const book = new TokenBook(tokensFile, controlToken, log);
    if (tokensFile === undefined) return book;
    book.use(await readTokensText(tokensFile));
    book.watch.start();
    return book;
  }

  /** All of them, for as long as the file stays as it is. */
  get tokens(): readonly AccessToken[] {
    return [...this.ofFile, ...this.own];
  }

  /** Whether anybody has to bring one: a file without tokens closes the door, too. */
  get isNeeded(): boolean {
    return this.own.length > 0 || this.file !== undefined;
  }

  /** The token with this SHA-256. Takes the same time whichever it is, and whether or not it is one. */
  find(digest: Buffer): AccessToken | undefined {
    let found: AccessToken | undefined;
    for (const token of this.tokens) if (timingSafeEqual(token.digest, digest)) found = token;
    return found;
  }

  /** Calls back each time the file brought other tokens. */
  onChange(listener: () => void): void {
    this.changed = listener;
  }

  /** Ends the watch. */
  close(): void {
    void this.watch.stop();
  }

  private use(text: string): void {
    this.ofFile = parseTokens(text);
    this.text = text;
  }

  /** A file that is wrong changes nothing. It is told once, when it is still so at the second look: it may have been half written. */
  private async look(): Promise<void> {
    const problem = await this.readAgain();
    const times = problem === this.wrong.problem ? this.wrong.times + 1 : 1;
    this.wrong = { problem, times };
    if (problem === undefined || times !== TOLD_AT_LOOK) return;
    this.log.error(
      { code: 'TOKENS_FILE_WRONG' },
      `${problem}\nThe tokens from before stay valid until it is put right.`,
    );
  }

  private async readAgain(): Promise<string | undefined> {
    try {
      const text = await readTokensText(this.file ?? '');
      if (text === this.text) return undefined;
      this.use(text);
      this.log.info({ tokens: this.ofFile.length }, 'TOKENS_FILE changed and was read again');
      this.changed();
      return undefined;
    } catch (error) {
      return messageOf(error);
    }
  }
}
