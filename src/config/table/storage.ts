import { BUCKET_FORM, isContainerName, isKeystoneUrl, isPlainUrl, PREFIX_FORM, TAG_FORM } from '../env.forms.js';
import { flag, line, oneOf, secret, shaped, whole } from './rows.js';

/** Where artifacts go. */
export const STORAGE = {
  Artifacts: {
    ARTIFACTS_DIR: line('./artifacts', 'The folder for artifacts, unless OS_AUTH_URL or S3_BUCKET is set.'),
    OS_AUTH_URL: secret(
      shaped(
        undefined,
        'the http or https URL of a Keystone v3, without user, password, query or fragment',
        isKeystoneUrl,
        'OpenStack Swift, through Keystone v3, such as https://keystone.example.com:5000; see docs/swift.md.',
      ),
    ),
    OS_AUTH_TYPE: oneOf(
      undefined,
      ['password', 'v3password', 'v3applicationcredential'],
      'password is v3password; not set: by what is given.',
    ),
    OS_USERNAME: line(undefined, 'Whose artifacts they are.'),
    OS_USER_ID: line(undefined, 'Ids win over names.'),
    OS_PASSWORD: secret(line(undefined)),
    OS_APPLICATION_CREDENTIAL_ID: line(
      undefined,
      'In the place of user, password and project; by its id, or by its name and its user.',
    ),
    OS_APPLICATION_CREDENTIAL_NAME: line(undefined),
    OS_APPLICATION_CREDENTIAL_SECRET: secret(line(undefined)),
    OS_PROJECT_NAME: line(undefined),
    OS_PROJECT_ID: line(undefined),
    OS_REGION_NAME: line(undefined, "Only needed where Keystone's catalog has Swift in several regions."),
    OS_INTERFACE: oneOf('public', ['public', 'internal', 'admin'], "Which of Swift's addresses in the catalog."),
    OS_USER_DOMAIN_NAME: line('Default'),
    OS_PROJECT_DOMAIN_NAME: line('Default'),
    OS_USER_DOMAIN_ID: line(undefined),
    OS_PROJECT_DOMAIN_ID: line(undefined),
    SWIFT_CONTAINER: shaped(
      'cctv-preprocess',
      '1 to 256 bytes without "/", and neither "." nor ".."',
      isContainerName,
      'Created if missing.',
    ),
    SWIFT_UPLOAD_PREFIX: shaped(
      'preprocess/',
      'letters, digits, ".", "_", "~", "-" and single "/", none in front and no ".." ("/" alone for none)',
      PREFIX_FORM,
      "In front of every artifact's name, in the folder too; `/` for nothing.",
    ),
    SWIFT_DELETE_AFTER_DAYS: whole(
      undefined,
      { min: 1, max: 36_500, unit: 'days' },
      'Days after which Swift removes artifacts; not set: never.',
    ),
    SWIFT_TEMP_URL_KEY: secret(
      line(
        undefined,
        "The container's or account's Temp-URL-Key: with it results carry links that open for 30 days without a password.",
      ),
    ),
  },
  'Artifacts in S3': {
    S3_BUCKET: shaped(
      undefined,
      'the name of a bucket: 3 to 255 letters, digits, ".", "_" and "-"',
      BUCKET_FORM,
      'S3 of AWS or anything that speaks it (MinIO, Ceph, Swift, R2 …); the bucket has to be there. See docs/s3.md.',
    ),
    S3_ENDPOINT: shaped(
      undefined,
      'an http or https URL without user, password, query or fragment',
      isPlainUrl,
      'Where it is, such as https://minio.example.com:9000; not set: where AWS has the region.',
    ),
    S3_REGION: line(undefined, 'Its region; not set: AWS_REGION, or us-east-1 where S3_ENDPOINT is set.'),
    S3_ACCESS_KEY_ID: line(
      undefined,
      'Keys for this store alone; not set: AWS_ACCESS_KEY_ID, a profile, or the role of the machine or pod.',
    ),
    S3_SECRET_ACCESS_KEY: secret(line(undefined)),
    S3_SESSION_TOKEN: secret(line(undefined, 'Of temporary keys.')),
    S3_PATH_STYLE: flag(
      undefined,
      'The bucket stands in the path of an address, not in the name of its host; not set: where S3_ENDPOINT is set.',
    ),
    S3_KEY_PREFIX: shaped(
      undefined,
      'letters, digits, ".", "_", "~", "-" and single "/", none in front and no ".."',
      PREFIX_FORM,
      'In front of every key, for a bucket that is shared with others, such as roadstream/.',
    ),
    S3_LINK_DAYS: whole(
      7,
      { min: 0, max: 7, unit: 'days' },
      'So long the links of results open without a password; 0: they are plain addresses.',
    ),
    S3_AGING_TAG: shaped(
      undefined,
      'key=value',
      TAG_FORM,
      'A tag for every artifact but what people said, so that a lifecycle rule of the bucket can remove by it.',
    ),
  },
};
