import { expect, test } from 'vitest';
import { recogniseEncoding } from '../../shared/core/dataset/faults/encoding.ts';
import { corrected } from './fix-samples.ts';

/** A sentence in an encoding, as its bytes in hexadecimal, since nothing here encodes it. */
const SENTENCES = [
  [
    'GBK',
    'bdf1ccecccecc6f8badcbac3a3acced2c3c7d2bbc6f0c8a5b9abd4b0a1a3',
    'gbk',
    '今天天气很好，我们一起去公园。',
  ],
  [
    'Big5',
    'a4b5a4d1a4d1aef0abdca66ea141a7daadcca440b05fa568a4bdb6e9a143',
    'big5',
    '今天天氣很好，我們一起去公園。',
  ],
  [
    'Shift-JIS',
    '8da193fa82cd93568b4382aa82a282a282cc82c58cf6898082d68142',
    'shift_jis',
    '今日は天気がいいので公園へ。',
  ],
  [
    'EUC-JP',
    'baa3c6fca4cfc5b7b5a4a4aca4a4a4a4a4cea4c7b8f8b1e0a4d8a1a3',
    'euc-jp',
    '今日は天気がいいので公園へ。',
  ],
  [
    'EUC-KR',
    'bfc0b4c3c0ba20b3afbebeb0a120c1c1c0b8b4cf20b0f8bff8c0bb20bbeac3a5c7d5bdc3b4d92e',
    'euc-kr',
    '오늘은 날씨가 좋으니 공원을 산책합시다.',
  ],
  [
    'Windows-1252, French',
    '4ff920657374206c6520636166e93f209620934ce02d62617394',
    'windows-1252',
    'Où est le café? – “Là-bas”',
  ],
  ['Windows-1252, German', '4772fcdf6520617573204bf66c6e2c20352080', 'windows-1252', 'Grüße aus Köln, 5 €'],
  ['Windows-1250, Czech', '50f8ed6c699a209e6c759d6f75e86bfd206bf9f2', undefined, 'Příliš žluťoučký kůň'],
  ['Windows-1250, Polish', '5a61bff3b3e62067ea9c6cb9206a619ff1', undefined, 'Zażółć gęślą jaźń'],
  [
    'Windows-1250, Hungarian',
    'e17276ed7a74fb72f52074fc6bf67266fa72f367e970',
    undefined,
    'árvíztűrő tükörfúrógép',
  ],
  [
    'Windows-1254, Turkish',
    'dd79692067fc6e6c65722c20fe69fe6520e76f6b2067fc7a656c206465f0696c',
    undefined,
    'İyi günler, şişe çok güzel değil',
  ],
  [
    'Windows-1251, Russian',
    'cfe5f0e5e2e5e4e8f2e520eff0e5e4ebeee6e5ede8e5',
    undefined,
    'Переведите предложение',
  ],
  ['Windows-1251, words of an even length', 'cfeef7e5ecf3', undefined, 'Почему'],
  ['KOI8-R, Russian', 'f0c5d2c5d7c5c4c9d4c520d0d2c5c4cccfd6c5cec9c5', undefined, 'Переведите предложение'],
] as const;

/** A file with the sentence on each line. */
const fileOf = (hex: string) =>
  Buffer.concat(
    Array.from({ length: 12 }, (_, index) => [
      Buffer.from(`{"input_text": "${index} `),
      Buffer.from(hex, 'hex'),
      Buffer.from('", "output_text": "yes"}\n'),
    ]).flat(),
  );

test.each(SENTENCES)(
  '%s is named where it alone fits, and nothing where others do',
  (_name, hex, encoding) => {
    expect(recogniseEncoding({ bytes: fileOf(hex) })).toEqual({ lines: 12, encoding });
  },
);

test.each(SENTENCES.flatMap((row) => (row[2] === undefined ? [] : [row])))(
  '%s is read as what was written',
  (_name, hex, encoding, text) => {
    expect(new TextDecoder(encoding).decode(Buffer.from(hex, 'hex'))).toBe(text);
  },
);

test.each([
  ['an Arrow or Feather file', 'ARROW1\0\0\xff\xff\xff\xff\x10\x01'],
  ['a PDF document', '%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n'],
  ['an Excel workbook', 'PK\x03\x04\x14\0\x06\0[Content_Types].xml'],
  ['binary data', '\x80\x04\x95\x20\x01\0\0\0\0\0\0]\x94(}\x94(\x8c\x06prompt\x94\x8c\x0aHow do I?\x94'],
])('of %s nobody asks for an encoding', async (what, bytes) => {
  expect((await corrected(Buffer.from(bytes, 'latin1'))).why).toMatch(new RegExp(`^It is ${what}\\. `));
});
