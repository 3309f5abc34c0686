import { Inject, Module, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { AuditModule } from '../../audit/audit.module.js';
import { Config } from '../../config/config.js';
import { Clock } from '../../lib/clock.js';
import { Repeating, UNTOLD } from '../../lib/repeating.js';
import { LOG, type Log } from '../../log/log.js';
import { HostNames } from '../host-names.js';
import { AccessGuard } from './access.guard.js';
import { ActionLog } from './action-log.js';
import { Doorkeeper } from './doorkeeper.js';
import { OpenCalls } from './open-calls.js';
import { SessionCookies } from './session/session-cookie.js';
import { SessionController } from './session/session.controller.js';
import { SignInAlarm } from './sign-in-alarm.js';
import { SignOn } from './sign-on.js';
import { TokenBook } from './tokens/token-book.js';

/** Calls that go on are looked at so often, whether their sign-in is over. ms */
const SWEEP_EVERY_MS = 60_000;

/** Who may ask and steer, for every route. */
@Module({
  imports: [AuditModule],
  controllers: [SessionController],
  providers: [
    {
      provide: TokenBook,
      inject: [Config, LOG],
      useFactory: ({ access }: Config, log: Log) => TokenBook.open(access, log),
    },
    { provide: Doorkeeper, inject: [Config, TokenBook, Clock, LOG, ActionLog], useFactory: openDoor },
    { provide: OpenCalls, useFactory: () => new OpenCalls() },
    AccessGuard,
  ],
  exports: [AccessGuard],
})
export class AccessModule implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly sweeps: Repeating;

  constructor(
    @Inject(TokenBook) private readonly book: TokenBook,
    @Inject(Doorkeeper) private readonly door: Doorkeeper,
    @Inject(OpenCalls) private readonly open: OpenCalls,
  ) {
    const options = { everyMs: SWEEP_EVERY_MS, events: UNTOLD, endsWithProcess: true };
    this.sweeps = new Repeating(async () => this.sweep(), options);
  }

  onApplicationBootstrap(): void {
    this.book.onChange(() => this.sweep());
    this.sweeps.start();
  }

  onApplicationShutdown(): void {
    this.book.close();
    void this.sweeps.stop();
  }

  private sweep(): void {
    this.open.sweep((request, caller) => this.door.stillKnows(request, caller));
  }
}

function openDoor({ access, http }: Config, book: TokenBook, clock: Clock, log: Log, actions: ActionLog): Doorkeeper {
  return new Doorkeeper({
    access,
    book,
    clock,
    cookies: new SessionCookies(access.controlToken),
    signOn: access.signOn === undefined ? undefined : new SignOn(access.signOn),
    names: new HostNames(http.allowedHosts),
    alarm: new SignInAlarm(log, actions),
  });
}
