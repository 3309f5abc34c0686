import { Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { AuditModule } from '../../audit/audit.module.js';
import { Config } from '../../config/config.js';
import { Clock } from '../../lib/clock.js';
import { LOG, type Log } from '../../log/log.js';
import { HostNames } from '../host-names.js';
import { AccessGuard } from './access.guard.js';
import { ActionLog } from './action-log.js';
import { Doorkeeper } from './doorkeeper.js';
import { SessionCookies } from './session/session-cookie.js';
import { SessionController } from './session/session.controller.js';
import { SignInAlarm } from './sign-in-alarm.js';
import { SignOn } from './sign-on.js';
import { TokenBook } from './tokens/token-book.js';

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
    AccessGuard,
  ],
  exports: [AccessGuard],
})
export class AccessModule implements OnApplicationShutdown {
  constructor(@Inject(TokenBook) private readonly book: TokenBook) {}

  onApplicationShutdown(): void {
    this.book.close();
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
