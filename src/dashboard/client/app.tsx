import { useEffect, useRef, useState } from 'preact/hooks';
import { t } from './i18n/texts.js';
import { liveState } from './live.js';
import { CAMERA, PAGES, type Page } from './pages.js';
import { Button } from './parts/button.js';
import { Problem } from './parts/problem.js';
import { link, path, uiRoot } from './router.js';
import { asApiError } from './resource.js';
import type { ApiError } from './api.js';
import { isOperator, readSession, session, sessionError, signIn, signOut, type Session } from './session.js';
import { LANGUAGES, language, THEMES, theme } from './settings.js';

/** The page: a sign-in, or the menu with one of the pages. */
export function App() {
  if (sessionError.value !== undefined) {
    return (
      <main class="alone">
        <Problem error={sessionError.value} />
        <Button onClick={() => void readSession()}>{t('common.again')}</Button>
      </main>
    );
  }
  if (session.value === undefined) return <main class="alone" aria-busy="true" />;
  if (session.value === null) return <SignIn />;
  return <House />;
}

function House() {
  const [name = '', id] = path.value;
  const shown = name === 'cameras' && id !== undefined ? CAMERA : PAGES.find((page) => page.name === name);
  document.title = `${shown === undefined ? '' : `${t(shown.title)} · `}roadstream`;
  return (
    <>
      <a class="skip" href="#main">
        {t('common.skip')}
      </a>
      <header class="top">
        <a class="brand" href={link([])}>
          roadstream
        </a>
        <Menu current={name} />
        <Who />
      </header>
      <main id="main" tabIndex={-1}>
        {shown === undefined ? <p>{t('common.noPage')}</p> : <shown.Show />}
      </main>
      <footer>
        <Choices />
        <span class={`live ${liveState.value}`}>{t(`common.live_${liveState.value}`)}</span>
        <a href={new URL('../docs', uiRoot).href} target="_blank" rel="noreferrer">
          API
        </a>
        <a href={new URL('assets/licences.txt', uiRoot).href}>{t('common.licences')}</a>
      </footer>
    </>
  );
}

/** On a narrow screen it scrolls sideways: to the page that is shown. */
function Menu({ current }: { readonly current: string }) {
  const menu = useRef<HTMLElement>(null);
  useEffect(() => {
    menu.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [current]);
  return (
    <nav aria-label={t('common.menu')} ref={menu}>
      {PAGES.map((page) => menuEntry(page, current))}
    </nav>
  );
}

function menuEntry({ name, title, forOperators }: Page, current: string) {
  if (forOperators === true && !isOperator.value) return null;
  return (
    <a key={name} href={link(name === '' ? [] : [name])} aria-current={name === current ? 'page' : undefined}>
      {t(title)}
    </a>
  );
}

function Who() {
  const who = session.value;
  if (who === null || who === undefined) return null;
  return (
    <div class="who">
      <span title={t('common.role')}>
        {nameOf(who)} · {t(`role.${who.role}`)}
      </span>
      {who.via === 'cookie' && <Button onClick={() => void signOut()}>{t('common.signOut')}</Button>}
      {who.via === 'nothing' && who.canSignIn && (
        <Button onClick={() => (session.value = null)}>{t('common.signIn')}</Button>
      )}
    </div>
  );
}

function nameOf({ via, name }: Session): string {
  if (via === 'nothing') return t('common.anybody');
  return via === 'machine' ? t('common.machine') : name;
}

function Choices() {
  return (
    <>
      <select
        aria-label={t('common.language')}
        value={language.value}
        onChange={({ currentTarget }) => (language.value = currentTarget.value === 'ko' ? 'ko' : 'en')}
      >
        {LANGUAGES.map((each) => (
          <option key={each} value={each}>
            {each === 'ko' ? '한국어' : 'English'}
          </option>
        ))}
      </select>
      <select
        aria-label={t('common.theme')}
        value={theme.value}
        onChange={({ currentTarget: { value } }) => (theme.value = THEMES.find((each) => each === value) ?? 'auto')}
      >
        {THEMES.map((each) => (
          <option key={each} value={each}>
            {t(`common.theme_${each}`)}
          </option>
        ))}
      </select>
    </>
  );
}

function SignIn() {
  const [token, setToken] = useState('');
  const [error, setError] = useState<ApiError>();
  const submit = (event: Event): void => {
    event.preventDefault();
    signIn(token).catch((problem: unknown) => setError(asApiError(problem)));
  };
  return (
    <main class="alone">
      <form class="card" onSubmit={submit}>
        <h1>roadstream</h1>
        <label>
          {t('common.token')}
          <input
            type="password"
            autocomplete="current-password"
            required
            value={token}
            onInput={({ currentTarget }) => setToken(currentTarget.value)}
          />
        </label>
        <p class="quiet">{t('common.tokenHint')}</p>
        {error !== undefined && <Problem error={error} />}
        <Button kind="main" type="submit">
          {t('common.signIn')}
        </Button>
      </form>
      <p class="choices">
        <Choices />
      </p>
    </main>
  );
}
