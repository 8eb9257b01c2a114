import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './repo-files.ts';

/** Of each kind one or two. */
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

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => from + at);
/** Characters that do something where they are shown, or are more than one unit of UTF-16 or no character at all. */
const CHARACTERS: readonly number[] = [
  ...[...range(0, 0x1f), ...range(0x7f, 0x9f), 0xa0, 0xad, 0x34f, 0x61c, 0x180e],
  ...[...range(0x2000, 0x200f), ...range(0x2028, 0x202f), ...range(0x205f, 0x206f), 0x3000, 0xfeff],
  ...[...range(0xfff9, 0xffff), 0xd800, 0xdbff, 0xdc00, 0xdfff, 0xe000, ...range(0xfe00, 0xfe0f)],
  ...[0x1d173, 0x1f1e6, 0xe0001, 0xe0020, 0xe007f, 0xf0000, 0x10fffe, 0x10ffff],
];
/** What steers a terminal, between the characters that begin and end it. */
const SEQUENCES = [
  ...['[2J', '[31m', '[?1049h', ']0;title\u0007', ']8;;http://evil.example\u0007', ']52;c;ZXZpbA==\u0007'],
  ...['P1$r', '_G', '^x', 'c', '#8', '[6n', '[200~'],
].flatMap((rest) => [`\u001b${rest}`, `\u009b${rest.slice(1)}`]);
/** What another reader takes for a part of itself: pages, scripts, shells, queries, paths, formats, logs and spreadsheets. */
const LANGUAGES = [
  ...[
    '</script><script>alert(1)</script>',
    '<svg/onload=alert(1)>',
    '<!--',
    ']]>',
    '&lt;b&gt;',
    'javascript:alert(1)',
  ],
  ...[
    '<iframe srcdoc="x">',
    '<a href=" javascript:alert(1)">x</a>',
    '<style>*{display:none}</style>',
    '</title>',
  ],
  ...[
    '\\"',
    "\\'",
    '\\',
    '\\u0000',
    '\\x00',
    '"',
    "'",
    '`',
    ['$', '{x}'].join(''),
    '#{x}',
    '<%= x %>',
    '{% x %}',
    '[[x]]',
    '$ref',
  ],
  ...[
    '; rm -rf .',
    '&& id',
    '|| id',
    '> /dev/null',
    '*',
    '~',
    '-rf',
    '--help',
    '!!',
    '\n.\n',
    '%0a%0d',
    '%2e%2e%2f',
  ],
  ...[
    '../../../../etc/passwd',
    '..\\..\\x',
    'C:\\con',
    'CON',
    'NUL',
    '/dev/zero',
    'file:///x',
    'gs://',
    'data:text/html,x',
  ],
  ...[
    "') OR ('1'='1",
    'admin\u0027--',
    '*)(uid=*',
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY y SYSTEM "file:///x">]>',
  ],
  ...[
    '=cmd|x!A1',
    '+1+1',
    '-1+1',
    '@SUM(A1)',
    '%p%p%p',
    '%s%s%s',
    '{0}',
    '\u0041',
    '__name__',
    '.',
    '..',
    '/',
    '//',
  ],
  ...[
    '{"severity":"ALERT"}',
    'severity=ALERT',
    'logging.googleapis.com/trace',
    '[ERROR] x',
    'toString',
    'hasOwnProperty',
  ],
  ...[
    '[x](javascript:alert(1))',
    '![x](http://evil.example/x)',
    '| a | b |',
    '# x',
    '```',
    '<details open ontoggle=alert(1)>',
  ],
];
const NUMBERS = [
  '-0',
  '00',
  '1_000',
  '1,000',
  '1.5',
  '0x7fffffff',
  '2147483648',
  '1e-999',
  'Infinity',
  '١٢٣',
  '１２',
  '½',
  '²',
];
const SCRIPTS = [
  'العربية',
  'עברית',
  'हिन्दी',
  'ไทย',
  '日本語',
  '한국어',
  'Ελληνικά',
  'ß',
  'İ',
  'ﬃ',
  'Å',
  'A\u030a',
  'Z͑̓a̚l̛g̕o',
  '🏳️‍🌈',
  '👨🏿‍🦰',
  '𝔘𝔫𝔦',
];

/** Several hundred, of every kind that one wrote down. */
const MADE: readonly string[] = [
  ...OWN,
  ...CHARACTERS.flatMap((code) => [`a${String.fromCodePoint(code)}b`, String.fromCodePoint(code)]),
  ...[...SEQUENCES, ...LANGUAGES, ...NUMBERS, ...SCRIPTS],
  ...[1, 63, 64, 128, 129, 1024, 1500].map((length) => '字'.repeat(length)),
];

const LIST = join(ROOT, '../shared/corpora/naughty-strings/blns.json');

export const isWholeListHere = existsSync(LIST);

/** Those made here; where the big list of naughty strings lies beside the checkout, all of it comes on top. */
export const HOSTILE_TEXTS: readonly string[] = isWholeListHere
  ? [...MADE, ...(JSON.parse(readFileSync(LIST, 'utf8')) as string[])]
  : MADE;

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
