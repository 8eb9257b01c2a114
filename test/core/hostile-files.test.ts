import { expect, test } from 'vitest';
import { createSpeakerWords } from '../../shared/core/dataset/fix/speaker-words.ts';
import { checkData } from '../../shared/flows/check-data.ts';
import { cpuMillisecondsOf, cpuMillisecondsOfAsync } from '../support/cpu-time.ts';
import { corrected } from './fix-samples.ts';

/** What a hostile file is made of, over and over. */
const PIECES = [
  ...[' ', '\t', '\n', '\r', '"', "'", '\\', '\\"', '-', '|', ',', ', ', ';', '[', '{', '}', '\x01', '</s>'],
  ...[
    '[date] ',
    'User: ',
    '\nUser: ',
    '1. ',
    '2026-01-01 ',
    '"a" ',
    '{"a":1}',
    '{"a":1,} ',
    '"a",',
    '[["a","b"],',
  ],
  ...[
    '{"role":"x","content":"a"},',
    "{'a':",
    '```\n',
    'const a = ',
    '`a: ',
    'INSERT INTO a ',
    '__label__a ',
    '<td>',
  ],
];

/** Where it stands in a file. */
const PLACES: Readonly<Record<string, (text: string) => string>> = {
  alone: (text) => text,
  'in a text of JSON': (text) => `{"input_text": "${text}x", "output_text": "b"}\n`,
  'in a text that is read': (text) =>
    `${JSON.stringify({ text: `User: a${text}x\nAssistant: b${text}x` })}\n`,
  'in a text of Python': (text) => `{'input_text': '${text}x', 'output_text': 'b'}\n`,
  'before an example': (text) => `${text}{"input_text": "a", "output_text": "b"}\n`,
  'behind an example': (text) => `{"input_text": "a", "output_text": "b"}${text}x\n`,
  'within an object': (text) => `{"messages": [${text}{"role": "user", "content": "a"}]}\n`,
  'within a list': (text) => `[${text}{"input_text": "a", "output_text": "b"}]\n`,
  'within an object that is laid out': (text) => `{\n  "messages": [\n ${text}`,
  'in the header of a table': (text) => `question,${text}answer\na,b\n`,
  'in a cell': (text) => `question,answer\na, ${text}"x"\n`,
  'in a table of Markdown': (text) => `| question | answer |\n|${text}x\n`,
  'in a line of a log': (text) => `2026-01-01 INFO ${text} {"input_text": "a"} ${text}x\n`,
  'in a dialogue': (text) => `User: a${text}x\nAssistant: b${text}x\n`,
  'in code': (text) => `const data = [{ input_text: "a" ${text}, output_text: 'b' }];\n`,
};

async function checked(file: Buffer) {
  async function* chunks() {
    yield file;
  }
  await checkData(
    { base_model: 'gemini-3.1-flash-lite' },
    [{ key: 'dataset_uri', uri: 'train.jsonl', chunks: chunks() }],
    {
      onIssue: () => {},
    },
  );
}

/** Short enough that all of it is looked at to tell what the file is. */
const LONG = 80_000;

test.each(Object.entries(PLACES))(
  'whatever is repeated %s: four times as much takes about four times as long to check and to fix',
  async (_name, put) => {
    const costOf = (piece: string, length: number) => {
      const file = Buffer.from(put(piece.repeat(Math.ceil(length / piece.length))));
      return cpuMillisecondsOfAsync(async () => {
        await checked(file);
        await corrected(file);
      });
    };
    const slow: string[] = [];
    for (const piece of PIECES) {
      const cost = await costOf(piece, LONG);
      // So little proves nothing: squared it would be many seconds.
      if (cost < 300) continue;
      const ofQuarter = await costOf(piece, LONG / 4);
      if (cost > ofQuarter * 9) slow.push(`${JSON.stringify(piece)}: ${ofQuarter} and ${cost} ms`);
    }
    expect(slow).toEqual([]);
  },
);

test('a conversation whose every speaker is called otherwise is corrected in one pass', () => {
  const turn = '{"role": "human", "content": "Is tea hot?"}';
  const speakers = createSpeakerWords();
  speakers.note({ line: 1, path: 'messages[0].role' }, { found: 'human', write: 'user' });
  const text = `{"messages": [${Array.from({ length: 60_000 }, () => turn).join(', ')}]}`;
  // Squared it would be minutes.
  expect(cpuMillisecondsOf(() => speakers.correct(text, 1))).toBeLessThan(3000);
});
