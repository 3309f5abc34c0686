import { isHostPattern, isTrustProxy } from '../env.forms.js';
import { commaList, flag, oneOf, shaped, whole } from './rows.js';

/** How the service is reached and what it says of itself. */
export const SERVICE = {
  HTTP: {
    PORT: whole(3000, { min: 0, max: 65_535 }, '0: any free one.'),
    HOST: shaped('0.0.0.0', 'an address or a host name', /^[\w.:%-]+$/, 'The address to listen at.'),
    HTTP_ALLOWED_HOSTS: commaList(
      'host names or *.domains, without ports',
      isHostPattern,
      "Public names of the service, such as those of a proxy in front: roads.example.org, *.roads.example.org. Addresses, names without a dot, this machine's name and names of Kubernetes services are known without.",
    ),
    TRUST_PROXY: shaped(
      'false',
      'false, a number of proxies from 0 to 9, or their addresses (true would let any client claim to be local)',
      isTrustProxy,
      'Proxies in front whose X-Forwarded-For is believed: false, their number, or their addresses.',
    ),
    SSE_CLIENTS_MAX: whole(
      200,
      { min: 1, max: 10_000, unit: 'clients' },
      'Most clients that listen to events at once; more are answered 503.',
    ),
    MAP_TILES_URL: shaped(
      undefined,
      'an http or https address of map tiles with {z}, {x} and {y}',
      /^https?:\/\/[^\s;,'"@/?#]+\/(?=[^\s]*\{z\})(?=[^\s]*\{x\})(?=[^\s]*\{y\})[^\s;,'"]+$/,
      'Tiles of your own map for the page, such as https://tiles.city.example/{z}/{x}/{y}.png; browsers ask that host. Without, cameras stand on a plain ground, and nobody outside is asked.',
    ),
    UPLOAD_MAX_MB: whole(20, { min: 1, max: 200, unit: 'MB' }, 'Largest picture that may be uploaded for detection.'),
    UPLOAD_MAX_MEGAPIXELS: whole(50, { min: 1, max: 200, unit: 'megapixels' }, 'The same in pixels.'),
  },
  'Metrics and logs': {
    METRICS_MAX_CAMERAS: whole(
      200,
      { min: 0, max: 10_000, unit: 'cameras' },
      'Most cameras with a metric label of their own.',
    ),
    LOG_LEVEL: oneOf('info', ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']),
    LOG_PRETTY: flag(undefined, 'Coloured lines instead of JSON; not set: when the output is a terminal.'),
  },
};
