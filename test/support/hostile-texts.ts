import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './repo-files.ts';

/** Of each kind one or two; where the big list of naughty strings lies beside the checkout, all of it comes on top. */
const OWN: readonly string[] = [
  ...[
    '',
    ' ',
    'undefined',
    'null',
    'true',
    'NaN',
    '0',
    '-1',
    '9007199254740993',
    '1e9999',
    '0x0',
    '__proto__',
    'constructor',
  ],
  ...[
    "' OR 1=1 -- ",
    '"; DROP TABLE runs; --',
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    '{{7*7}}',
    ['$', '{7*7}'].join(''),
  ],
  ...[
    '$(touch x)',
    '`id`',
    '| cat /etc/passwd',
    '%s%n',
    '%00',
    '\u0000',
    '\r\nSet-Cookie: a=b',
    '\n{"severity":"CRITICAL"}',
  ],
  ...[
    '\u001b[31mred',
    '\u009b31m',
    '\u202egnp',
    '\u200b',
    '\ufeff',
    '\ud800',
    'ｔｅｘｔ',
    'e\u0301',
    '👩‍👩‍👧',
    'a'.repeat(5000),
  ],
  ...[
    'http://169.254.169.254/computeMetadata/v1/',
    'x.evil.example/#',
    'us-central1.evil.example',
    'file:///etc/passwd',
  ],
];

const LIST = join(ROOT, '../shared/corpora/naughty-strings/blns.json');

export const isWholeListHere = existsSync(LIST);

export const HOSTILE_TEXTS: readonly string[] = isWholeListHere
  ? [...OWN, ...(JSON.parse(readFileSync(LIST, 'utf8')) as string[])]
  : OWN;

/** How a manifest may try to mean an object of another bucket. */
export const pathTricks = (bucket: string, object: string): string[] => [
  ...[
    `gs://${bucket}/${object}`,
    `gs://${bucket.toUpperCase()}/${object}`,
    `GS://${bucket}/${object}`,
    `gs:///${bucket}/${object}`,
  ],
  ...[
    `gs://INBOX@${bucket}/${object}`,
    `gs://${bucket}./${object}`,
    `gs://${bucket}:443/${object}`,
    `gs://${bucket}\\${object}`,
  ],
  ...[
    `../${bucket}/${object}`,
    `../../${bucket}/${object}`,
    `..%2f${bucket}%2f${object}`,
    `/../${bucket}/${object}`,
  ],
  ...[
    `gs://INBOX/../${bucket}/${object}`,
    `gs://INBOX/..%2F..%2F${bucket}/${object}`,
    `gs://INBOX/%2e%2e/${bucket}/${object}`,
  ],
  ...[
    `//${bucket}/${object}`,
    `https://storage.googleapis.com/${bucket}/${object}`,
    `https://${bucket}.storage.googleapis.com/${object}`,
  ],
  ...[
    `gs://INBOX/a?x=gs://${bucket}/${object}`,
    `gs://INBOX#/../${bucket}/${object}`,
    ` gs://${bucket}/${object}`,
    `gs://${bucket}/${object}\n`,
  ],
  ...[
    `gs://INBOX,gs://${bucket}/${object}`,
    `gs://${bucket}//${object}`,
    `gs://${bucket.normalize('NFD')}/${object}`,
    `gs://\u200b${bucket}/${object}`,
  ],
];
