import type { ComponentChildren } from 'preact';
import { t } from '../i18n/texts.js';
import type { Resource } from '../resource.js';
import { Problem } from './problem.js';

/** Nothing is there, said in words. */
export function Empty({ children }: { readonly children: ComponentChildren }) {
  return <p class="empty">{children}</p>;
}

/** What was read, or that it is being read, or why it could not be; what is old stays while it is read anew. */
export function Show<T>({
  of,
  children,
}: {
  readonly of: Resource<T>;
  readonly children: (data: T) => ComponentChildren;
}) {
  const [data, error] = [of.data.value, of.error.value];
  if (error?.status === 404 && data === undefined) return <Empty>{t('common.notHere')}</Empty>;
  return (
    <>
      {error !== undefined && <Problem error={error} />}
      {data === undefined ? error === undefined && <p class="quiet">{t('common.reading')}</p> : children(data)}
    </>
  );
}
