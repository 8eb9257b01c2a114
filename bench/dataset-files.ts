/** Deterministic data sets for the measurements: the same bytes on every machine. */
import { closeSync, openSync, writeSync } from 'node:fs';

export const SHAPES = [
  ...(['raw', 'short', 'chat', 'long outputs', 'extra key'] as const),
  ...(['Python separators', 'escaped Japanese', 'OpenAI', 'Gemini', 'Alpaca'] as const),
] as const;
/** Also the shortest examples that anybody brings, of some 100 bytes. */
export type Shape = (typeof SHAPES)[number] | 'shortest';

const ENGLISH =
  'The customer writes that the parcel arrived late, that one of the items was damaged in transit, and asks for advice on how to send it back. ';
const JAPANESE =
  'お客様から、荷物の到着が遅れたこと、商品の一部が輸送中に破損していたこと、返送の方法を知りたいことについてご連絡がありました。';

const SYSTEM = 'You answer for the shop, briefly and kindly.';

/** Writes whole lines of a shape until the file has `bytes` or a little more. */
export function writeDataset(path: string, shape: Shape, bytes: number): void {
  const file = openSync(path, 'w');
  const random = createRandom(42);
  let written = 0;
  let number = 0;
  while (written < bytes) {
    const lines: string[] = [];
    for (let length = 0; length < 1 << 20; length += lines.at(-1)?.length ?? 0) {
      lines.push(`${textOf(shape, LINES[shape](number++, random))}\n`);
    }
    written += writeSync(file, lines.join(''));
  }
  closeSync(file);
}

/** As other programs than JSON.stringify write it: Python's json.dumps parts by spaces, and escapes what is not ASCII unless told. */
function textOf(shape: Shape, example: object): string {
  const text = JSON.stringify(example);
  if (shape === 'Python separators') return text.replaceAll('":"', '": "').replaceAll('","', '", "');
  if (shape !== 'escaped Japanese') return text;
  return text.replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** About 2,000 bytes a line, 45 % of them Japanese; 240 bytes a line; a conversation of 2 to 3 pairs; outputs of some 3,000 bytes; what people
 * bring today, of some 600 bytes. */
const LINES: Record<Shape, (number: number, random: () => number) => object> = {
  raw: (number, random) => {
    const isJapanese = random() < 0.45;
    const repeats = Math.round((isJapanese ? 6 : 10) + random() * (isJapanese ? 7 : 6));
    const text = (isJapanese ? JAPANESE : ENGLISH).repeat(repeats);
    return {
      input_text: `Summarize the message.\nMessage ${number}: ${text}`,
      output_text: `${isJapanese ? '破損品の返送方法' : 'Late parcel, damaged item'} ${number % 977}`,
    };
  },
  short: (number, random) => ({
    input_text: `Classify the message. Message ${number}: ${ENGLISH.slice(0, 60 + Math.round(random() * 78))}`,
    output_text: `class ${Math.floor(random() * 400)}: a ticket about parcels`,
  }),
  chat: (number, random) => {
    const pairs = random() < 0.5 ? 2 : 3;
    const messages = Array.from({ length: pairs }, (_, turn) => [
      { author: 'user', content: `Question ${number}.${turn}: ${ENGLISH}` },
      { author: 'assistant', content: `I see: ${ENGLISH.slice(0, 70)}` },
    ]);
    return { context: SYSTEM, messages: messages.flat() };
  },
  'long outputs': (number, random) => ({
    input_text: `Write a report on message ${number}.`,
    output_text: `Report ${number}: ${ENGLISH.repeat(14 + Math.round(random() * 14))}`,
  }),
  'extra key': (number, random) => ({ ...LINES.short(number, random), id: `row-${number}` }),
  'Python separators': (number, random) => LINES.short(number, random),
  'escaped Japanese': (number, random) => ({
    input_text: `Summarize the message.\nMessage ${number}: ${JAPANESE.repeat(2 + Math.round(random() * 4))}`,
    output_text: `破損品の返送方法 ${number % 977}`,
  }),
  OpenAI: (number) => ({
    messages: [
      { role: 'system', content: SYSTEM },
      { role: 'user', content: `Question ${number}: ${ENGLISH.repeat(3)}` },
      { role: 'assistant', content: `I see: ${ENGLISH.slice(0, 70)}` },
    ],
  }),
  Gemini: (number) => ({
    systemInstruction: { role: 'system', parts: [{ text: SYSTEM }] },
    contents: [
      { role: 'user', parts: [{ text: `Question ${number}: ${ENGLISH.repeat(3)}` }] },
      { role: 'model', parts: [{ text: `I see: ${ENGLISH.slice(0, 70)}` }] },
    ],
  }),
  shortest: (number) => ({
    messages: [
      { role: 'user', content: `q ${number}?` },
      { role: 'assistant', content: `a ${number * 7}.` },
    ],
  }),
  Alpaca: (number, random) => ({
    instruction: `Say what message ${number} is about.`,
    input: random() < 0.5 ? '' : ENGLISH.repeat(3),
    output: `Message ${number} is about parcels: ${ENGLISH.slice(0, 70)}`,
  }),
};

/** mulberry32, by Tommy Ettinger (public domain). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
