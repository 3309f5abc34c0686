import { useState } from 'preact/hooks';
import { apiUrl } from '../../api.js';
import { t } from '../../i18n/texts.js';
import { Button } from '../../parts/button.js';
import type { FindingFilter } from './filter.js';

const FILES = [
  ['CSV', 'findings.csv'],
  ['GeoJSON', 'findings.geojson'],
  ['COCO', 'findings-coco.zip'],
] as const;

/** What the filter names, as files; and its address, for others. */
export function Exports({ filter }: { readonly filter: FindingFilter }) {
  return (
    <div class="findings-exports">
      {FILES.map(([name, file]) => (
        <a key={file} href={apiUrl(file, filter)} download>
          {name}
        </a>
      ))}
      <CopyLink />
    </div>
  );
}

/** Only a page that came over https, or from this machine, may write to the clipboard. */
function CopyLink() {
  const [isCopied, setCopied] = useState(false);
  if (!window.isSecureContext) return null;
  const copy = (): void => {
    void navigator.clipboard.writeText(location.href).then(() => setCopied(true));
  };
  return <Button onClick={copy}>{isCopied ? t('findings.copied') : t('findings.copy')}</Button>;
}
