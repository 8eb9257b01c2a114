import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { DatasetCheckOptions } from '../../shared/core/dataset/check.ts';
import { checkEvaluationLabels, checkOverlap } from '../../shared/core/dataset/compare.ts';
import { LONG_CONTEXT_LIMITS, MAX_LINE_BYTES } from '../../shared/core/dataset/limits.ts';
import { reportIssue } from '../../shared/core/issues/catalog.ts';
import { DATASET_ISSUES } from '../../shared/core/issues/dataset.ts';
import { chatLine, checkBytes, issuesOf, lines, textLine, URI } from './dataset-samples.ts';

interface Case {
  name: string;
  bytes: string | Uint8Array;
  options?: Partial<DatasetCheckOptions>;
  /** The whole list, each as `severity code line path`. */
  issues: string[];
}

const CHAT = { format: 'messages' } as const;
const FEW = 'advice dataset_few_examples';
const text = (replaced: Record<number, string> = {}, count = 12) =>
  `${lines(count, textLine, replaced).join('\n')}\n`;
const chat = (replaced: Record<number, string> = {}, count = 12) =>
  `${lines(count, chatLine, replaced).join('\n')}\n`;
const pair = (input: string, output: string) => JSON.stringify({ input_text: input, output_text: output });
const conversation = (...turns: [author: string, content: string][]) =>
  JSON.stringify({ messages: turns.map(([author, content]) => ({ author, content })) });
const bytes = (...parts: (string | number[])[]) =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))));
const prose = (length: number) =>
  'All happy families are alike, each unhappy one is so in its way. '.repeat(length / 60).slice(0, length);

const utf32 = (ascii: string, order: 'little' | 'big') =>
  [...Buffer.from(ascii)].flatMap((byte) => (order === 'little' ? [byte, 0, 0, 0] : [0, 0, 0, byte]));

const FILE_CASES: Case[] = [
  { name: 'a sound file', bytes: text(), issues: [FEW] },
  { name: 'a sound chat file', bytes: chat(), options: CHAT, issues: [FEW] },
  { name: 'an empty file', bytes: '', issues: ['error dataset_empty'] },
  {
    name: 'a file of blank lines',
    bytes: '\n \r\n\t\n',
    issues: ['warning dataset_blank_lines 1', 'error dataset_empty'],
  },
  {
    name: 'UTF-16 with a mark',
    bytes: bytes([0xff, 0xfe], Buffer.from(text(), 'utf16le').toJSON().data),
    issues: ['error dataset_utf16'],
  },
  {
    name: 'big-endian UTF-16 with a mark',
    bytes: bytes([0xfe, 0xff, 0, 0x7b, 0, 0x22]),
    issues: ['error dataset_utf16'],
  },
  { name: 'UTF-16 without a mark', bytes: Buffer.from(text(), 'utf16le'), issues: ['error dataset_utf16'] },
  {
    name: 'big-endian UTF-16 without a mark',
    bytes: bytes([0, 0x7b, 0, 0x22, 0, 0x69]),
    issues: ['error dataset_utf16'],
  },
  {
    name: 'UTF-32 with a mark',
    bytes: bytes([0xff, 0xfe, 0, 0], utf32(text(), 'little')),
    issues: ['error dataset_utf16'],
  },
  { name: 'UTF-32 without a mark', bytes: bytes(utf32(text(), 'little')), issues: ['error dataset_utf16'] },
  {
    name: 'big-endian UTF-32 with a mark',
    bytes: bytes([0, 0, 0xfe, 0xff], utf32(text(), 'big')),
    issues: ['error dataset_utf16'],
  },
  {
    name: 'big-endian UTF-32 without a mark',
    bytes: bytes(utf32(text(), 'big')),
    issues: ['error dataset_utf16'],
  },
  { name: 'a gzip file', bytes: gzipSync(text()), issues: ['error dataset_compressed'] },
  { name: 'a zip file', bytes: bytes('PK', [3, 4], 'rest'), issues: ['error dataset_compressed'] },
  { name: 'a byte order mark', bytes: `\ufeff${text()}`, issues: ['warning dataset_utf8_bom 1', FEW] },
  { name: 'CR LF line ends', bytes: text().replaceAll('\n', '\r\n'), issues: [FEW] },
  { name: 'no line feed at the end', bytes: text().trimEnd(), issues: [FEW] },
  { name: 'blank lines', bytes: text({ 3: '', 5: ' \t\r' }), issues: ['warning dataset_blank_lines 3', FEW] },
  {
    name: 'a true U+FFFD',
    bytes: text({ 2: pair('a \ufffd', 'b') }),
    issues: ['advice text_looks_spoilt 2', FEW],
  },
  {
    name: 'a JSON array on one line',
    bytes: `[${lines(12, textLine).join(',')}]`,
    issues: ['error dataset_json_array 1'],
  },
  {
    name: 'a JSON array over lines',
    bytes: `[\n${lines(12, textLine).join(',\n')}\n]`,
    issues: ['error dataset_json_array 1'],
  },
  {
    name: 'a JSON array that begins on its first example',
    bytes: `[${lines(12, textLine).join(',\n')}]`,
    issues: ['error dataset_json_array 1'],
  },
  {
    name: 'a huge JSON array on one line',
    bytes: `[${`${textLine(1)},`.repeat(MAX_LINE_BYTES / 60)}`,
    issues: ['error dataset_json_array 1'],
  },
  {
    name: 'pretty-printed JSON',
    bytes: JSON.stringify(JSON.parse(chatLine(1)), null, 2),
    options: CHAT,
    issues: ['error dataset_pretty_printed 1'],
  },
  {
    name: 'an object broken after its first field',
    bytes: '{"input_text": "a",\n"output_text": "b"}\n'.repeat(12),
    issues: ['error dataset_pretty_printed 1'],
  },
  {
    name: 'a first line that was cut off is no pretty-printed file',
    bytes: text({ 1: '{"input_text": "a",' }),
    issues: ['error line_not_json 1', FEW],
  },
  {
    name: 'a first line that was cut off in a file of one line',
    bytes: '{"input_text": "a",',
    issues: ['error line_not_json 1'],
  },
];

const FORMAT_CASES: Case[] = [
  ['Gemini', '{"contents": [{"role": "user", "parts": [{"text": "a"}]}]}'],
  ['OpenAI chat', '{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]}'],
  ['prompt and completion', '{"prompt": "a", "completion": "b"}'],
  ['Alpaca', '{"instruction": "a", "input": "", "output": "b"}'],
  ['ShareGPT', '{"conversations": [{"from": "human", "value": "a"}]}'],
  ['RLHF preferences', '{"input_text": "a", "candidate_0": "b", "candidate_1": "c", "choice": 0}'],
  ['embedding', '{"_id": "a", "text": "b"}'],
  ['chat', chatLine(1)],
].map(([name = '', line = '']) => ({
  name: `a file in the format of ${name} gets one answer`,
  bytes: `${line}\n`.repeat(12),
  issues: ['error dataset_foreign_format 1'],
}));

const MIXED_CASES: Case[] = [
  {
    name: 'a text file for a chat model',
    bytes: text(),
    options: CHAT,
    issues: ['error dataset_foreign_format 1'],
  },
  {
    name: 'OpenAI chat for a chat model',
    bytes: '{"messages": [{"role": "user", "content": "a"}]}\n'.repeat(12),
    options: CHAT,
    issues: ['error dataset_foreign_format 1'],
  },
  {
    name: 'chat examples among text',
    bytes: text({ 4: chatLine(1), 9: chatLine(2) }),
    issues: ['error example_mixed_format 4', 'error example_mixed_format 9', FEW],
  },
  {
    name: 'text examples after a chat example',
    bytes: `${chatLine(1)}\n${lines(11, textLine).join('\n')}`,
    issues: ['error example_mixed_format 1', FEW],
  },
  {
    name: 'a foreign first line, and another in a third format',
    bytes: text({ 1: '{"prompt": "a", "completion": "b"}', 6: chatLine(1) }),
    issues: ['error example_mixed_format 1', 'error example_mixed_format 6', FEW],
  },
  {
    name: 'two foreign formats and no right line',
    bytes: `${chatLine(1)}\n{"prompt": "a", "completion": "b"}\n`.repeat(5),
    issues: [
      'error dataset_foreign_format 1',
      ...[2, 4, 6, 8, 10].map((line) => `error example_mixed_format ${line}`),
    ],
  },
  {
    name: 'right lines after 100 foreign ones',
    bytes: `${`${chatLine(1)}\n`.repeat(100)}${text({}, 12)}`,
    issues: ['error dataset_foreign_format 1'],
  },
];

const LINE_CASES: Case[] = (
  [
    [
      'a Latin-1 byte',
      bytes(textLine(1).slice(0, 30), [0xe9], textLine(1).slice(30)),
      'error line_not_utf8 2',
    ],
    [
      'a surrogate as UTF-8',
      bytes('{"input_text": "', [0xed, 0xa0, 0x80], '", "output_text": "b"}'),
      'error line_not_utf8 2',
    ],
    ['U+2028 inside a text', pair('a\u2028b', 'c')],
    ['U+2028 between two examples', `${textLine(7)}\u2028${textLine(8)}`, 'error line_unicode_separator 2'],
    ['a lone CR between two examples', `${textLine(7)}\r${textLine(8)}`, 'error line_lone_cr 2'],
    ['a lone CR as white space', '{"input_text": "a",\r"output_text": "b"}'],
    ['a NUL byte in a text', '{"input_text": "a\0", "output_text": "b"}', 'error line_nul_byte 2'],
    ['a NUL byte after an example', `${textLine(7)}\0\0`, 'error line_nul_byte 2'],
    ['an escaped NUL', pair('a\0b', 'c')],
    ['a byte order mark at a seam', `\ufeff${textLine(7)}`, 'error line_not_json 2'],
    ['single quotes', "{'input_text': 'a', 'output_text': 'b'}", 'error line_not_json 2'],
    ['a number', '5', 'error line_not_object 2'],
    ['a text', '"a"', 'error line_not_object 2'],
    ['null', 'null', 'error line_not_object 2'],
    ['an array', `[${textLine(7)}]`, 'error line_not_object 2'],
    [
      'deep nesting on a short line',
      `{"input_text": "a", "output_text": "b", "c": ${'['.repeat(600)}${']'.repeat(600)}}`,
      'error line_too_deep 2',
      'advice dataset_extra_fields 2',
    ],
    ['deep nesting on a long line', '['.repeat(100_000), 'error line_too_deep 2'],
    [
      'a line over the cap',
      `{"input_text": "${'a'.repeat(MAX_LINE_BYTES)}"}`,
      'error dataset_line_too_long 2',
    ],
    [
      'a duplicate key',
      '{"input_text": "a", "output_text": "b", "input_text": "c"}',
      'error duplicate_key 2 input_text',
    ],
    [
      'a duplicate key on the shortest line that can hold it',
      '{"input_text":0,"output_text":"b","input_text":"a"}',
      'error duplicate_key 2 input_text',
    ],
    [
      'an escaped duplicate key',
      '{"input_text": "a", "output_text": "b", "input\\u005ftext" : "c"}',
      'error duplicate_key 2 input_text',
    ],
    [
      'a duplicate key in an unused field',
      '{"input_text": "a", "output_text": "b", "m": [1, {"k": 1, "k": 2}]}',
      'error duplicate_key 2 m[1].k',
      'advice dataset_extra_fields 2',
    ],
    ['JSON as text with colons', pair('{"a": 1, "a": 2} : "x":', '{"b" : 1}')],
    [
      'half of an emoji',
      '{"input_text": "a \\ud83d", "output_text": "b"}',
      'error lone_surrogate 2 input_text',
    ],
    [
      'half of an emoji in a field that is not used',
      textLine(7, { id: '\ud83d' }),
      'warning lone_surrogate 2 id',
      'advice dataset_extra_fields 2',
    ],
    [
      'half of an emoji deep in a field that is not used',
      textLine(7, { meta: [{ tags: ['\udc00'] }] }),
      'warning lone_surrogate 2 meta',
      'advice dataset_extra_fields 2',
    ],
    [
      'half of an emoji in the name of a field',
      textLine(7, { 'a\ud83d': 1 }),
      'warning lone_surrogate 2 (a key)',
      'advice dataset_extra_fields 2',
    ],
    ['a whole emoji in escapes', '{"input_text": "a \\ud83d\\ude00", "output_text": "b"}'],
    ['no output', '{"input_text": "a"}', 'error field_missing 2 output_text'],
    ['neither field', '{"a": 1}', 'error field_missing 2 input_text', 'error field_missing 2 output_text'],
    ['a field in camel case', '{"inputText": "a", "output_text": "b"}', 'error field_missing 2 input_text'],
    ['a number as output', '{"input_text": "a", "output_text": 5}', 'error field_wrong_type 2 output_text'],
    ['null as input', '{"input_text": null, "output_text": "a"}', 'error field_wrong_type 2 input_text'],
    ['empty fields', pair('', ''), 'error field_empty 2 input_text', 'error field_empty 2 output_text'],
    ['white space alone', pair('a', ' \n\u3000'), 'warning field_blank 2 output_text'],
    ['characters without width alone', pair('a', '\u200b\u2060 \ufeff'), 'warning field_blank 2 output_text'],
    ['a context beside input_text', textLine(77, { context: 'a' }), 'advice dataset_extra_fields 2'],
    [
      'prototype keys',
      '{"__proto__": {"input_text": "a"}, "input_text": "b", "output_text": "c"}',
      'advice dataset_extra_fields 2',
    ],
    ['an example that repeats line 1', textLine(0), 'warning duplicate_example 2'],
    [
      'another output to the input of line 1',
      textLine(0, { output_text: 'one' }),
      'warning conflicting_outputs 2',
    ],
    ['a long input that the bytes prove', pair(prose(8192), 'a')],
    ['a long input that is surely fine', pair(prose(20_000), 'a')],
    ['an input that may be too long', pair(prose(40_000), 'a'), 'warning token_limit_uncertain 2 input_text'],
    ['an input that is too long', pair(prose(60_000), 'a'), 'error token_limit_exceeded 2 input_text'],
    ['an output that is too long', pair('a', prose(8000)), 'error token_limit_exceeded 2 output_text'],
    [
      'a very long rule of dashes is not surely too long',
      pair('-'.repeat(60_000), 'a'),
      'warning token_limit_uncertain 2 input_text',
    ],
  ] as [string, string | Buffer, ...string[]][]
).map(([name, line, ...issues]) => ({
  name: `line 2: ${name}`,
  bytes: bytes(
    `${textLine(0)}\n`,
    [...Buffer.from(line)],
    `\n${lines(10, (number) => textLine(number + 100)).join('\n')}`,
  ),
  issues: [
    ...issues.filter((issue) => !issue.startsWith('advice')),
    FEW,
    ...issues.filter((issue) => issue.startsWith('advice')),
  ],
}));

const USER: [string, string] = ['user', 'Hi'];
const ASSISTANT: [string, string] = ['assistant', 'Hello'];
const CHAT_CASES: Case[] = (
  [
    ['no messages', '{"context": "a"}', 'error field_missing 2 messages'],
    ['messages that are no list', '{"messages": "a"}', 'error field_wrong_type 2 messages'],
    ['an empty list', '{"messages": []}', 'error messages_empty 2 messages'],
    ['a message that is no object', '{"messages": ["a"]}', 'error field_wrong_type 2 messages[0]'],
    ['no author', '{"messages": [{"content": "a"}]}', 'error field_missing 2 messages[0].author'],
    ['no content', '{"messages": [{"author": "user"}]}', 'error field_missing 2 messages[0].content'],
    ['an empty content', conversation(['user', ''], ASSISTANT), 'error field_empty 2 messages[0].content'],
    ['an empty author', conversation(['', 'a'], ASSISTANT), 'error field_empty 2 messages[0].author'],
    [
      'a number as author',
      '{"messages": [{"author": 1, "content": "a"}]}',
      'error field_wrong_type 2 messages[0].author',
    ],
    [
      'a number as content',
      '{"messages": [{"author": "user", "content": 1}]}',
      'warning field_wrong_type 2 messages[0].content',
      'error last_author_not_assistant 2 messages[0].author',
      'warning pairs_not_recommended 2 messages',
    ],
    ...['null', '0', 'false', '[]', '{}'].map((content) => [
      `${content} as content`,
      `{"messages": [{"author": "user", "content": ${content}}]}`,
      'error field_wrong_type 2 messages[0].content',
    ]),
    [
      'a list as content',
      chatLine(50).replace('"Are you sure?"', '["Are", {"you": "sure"}]'),
      'warning field_wrong_type 2 messages[2].content',
    ],
    [
      'a duplicate key in an object as content',
      chatLine(50).replace('"Are you sure?"', '{"a": 1, "a": 2}'),
      'warning field_wrong_type 2 messages[2].content',
      'error duplicate_key 2 messages[2].content.a',
    ],
    ...[600, 20_000].map((levels) => [
      `a content of ${levels} levels`,
      chatLine(50).replace('"Are you sure?"', `${'['.repeat(levels)}1${']'.repeat(levels)}`),
      'warning field_wrong_type 2 messages[2].content',
      'error line_too_deep 2',
    ]),
    [
      'a context of 20000 levels',
      `{"context": ${'['.repeat(20_000)}${']'.repeat(20_000)}, ${chatLine(50).slice(1)}`,
      'warning field_wrong_type 2 context',
      'error line_too_deep 2',
    ],
    [
      'the author of prediction',
      conversation(USER, ['bot', 'a']),
      'error author_unknown 2 messages[1].author',
    ],
    ['an unknown author', conversation(USER, ['Alice', 'a']), 'error author_unknown 2 messages[1].author'],
    [
      'a system message',
      conversation(['system', 'a'], USER, ASSISTANT),
      'error author_unknown 2 messages[0].author',
    ],
    [
      'a first message of the assistant',
      conversation(ASSISTANT, USER, ASSISTANT, USER, ASSISTANT),
      'error first_author_not_user 2 messages[0].author',
    ],
    [
      'a last message of the user',
      conversation(USER, ASSISTANT, USER, ASSISTANT, USER),
      'error last_author_not_assistant 2 messages[4].author',
    ],
    [
      'two messages of one author',
      conversation(USER, ASSISTANT, USER, USER, ASSISTANT),
      'warning authors_not_alternating 2 messages[3].author',
    ],
    ['one pair', conversation(USER, ASSISTANT), 'warning pairs_not_recommended 2 messages'],
    [
      'four pairs',
      conversation(...(Array.from({ length: 4 }, () => [USER, ASSISTANT]).flat() as [string, string][])),
      'warning pairs_not_recommended 2 messages',
    ],
    ['a context that is no text', chatLine(50, { context: 1 }), 'warning field_wrong_type 2 context'],
    ['null as context', chatLine(50, { context: null }), 'warning field_wrong_type 2 context'],
    [
      'half of an emoji in a context that is no text',
      chatLine(50, { context: ['\udc00'] }),
      'warning field_wrong_type 2 context',
      'error lone_surrogate 2 context',
    ],
    ['an empty context', chatLine(50, { context: '' })],
    [
      'half of an emoji in the context',
      chatLine(50).replace('{', '{"context": "\\udc00",'),
      'error lone_surrogate 2 context',
    ],
    [
      'half of an emoji in a message',
      chatLine(50).replace('What', '\\udc00'),
      'error lone_surrogate 2 messages[0].content',
    ],
    [
      'an answer that is too long',
      conversation(USER, ['assistant', prose(8000)], USER, ASSISTANT),
      'error token_limit_exceeded 2 messages[1].content',
    ],
    [
      'a context that is too long',
      chatLine(50, { context: prose(60_000) }),
      'error token_limit_exceeded 2 messages',
    ],
    [
      'a duplicate key in a message',
      chatLine(50).replace('"author"', '"author":"user","author"'),
      'error duplicate_key 2 messages[0].author',
    ],
    [
      'a duplicate "messages"',
      chatLine(50).replace('{', '{"messages" : [],'),
      'error duplicate_key 2 messages',
    ],
    [
      'unused fields',
      chatLine(50, { id: 7 }).replace('"author"', '"name":"n","author"'),
      'advice dataset_extra_fields 2',
    ],
    ['a conversation that repeats line 1', chatLine(0), 'warning duplicate_example 2'],
    [
      'another last answer to the conversation of line 1',
      chatLine(0).replace('Yes, it', 'It'),
      'warning conflicting_outputs 2',
    ],
  ] as [string, string, ...string[]][]
).map(([name, line, ...issues]) => ({
  name: `chat, line 2: ${name}`,
  bytes: [chatLine(0), line, ...lines(10, (number) => chatLine(number + 100))].join('\n'),
  options: CHAT,
  issues: [
    ...issues.filter((issue) => !issue.startsWith('advice')),
    FEW,
    ...issues.filter((issue) => issue.startsWith('advice')),
  ],
}));

const many = (count: number) => lines(count, textLine).join('\n');
const labelled = (labels: string[], instruction = 'Classify the following text into one of the classes. ') =>
  labels.map((label, index) => pair(`${instruction}${index} is the number of this text`, label)).join('\n');
const distinct = (count: number) => Array.from({ length: count }, (_, index) => `answer ${index}`);
const repeat = (label: string, count: number) => Array.from({ length: count }, () => label);
const CLASSIFICATION = { task: 'classification' } as const;

const COUNT_CASES: Case[] = [
  { name: '9 examples', bytes: many(9), issues: ['error dataset_too_few_examples'] },
  { name: '10 examples', bytes: many(10), issues: [FEW] },
  { name: '99 examples', bytes: many(99), issues: [FEW] },
  { name: '100 examples', bytes: many(100), issues: [] },
  { name: '100 chat examples', bytes: chat({}, 100), options: CHAT, issues: [FEW] },
  { name: '200 chat examples', bytes: chat({}, 200), options: CHAT, issues: [] },
  { name: '10,000 examples', bytes: many(10_000), issues: [] },
  { name: '10,001 examples', bytes: many(10_001), issues: ['error dataset_too_many_examples'] },
  { name: '10,000 authors', bytes: chat({}, 2500), options: CHAT, issues: [] },
  {
    name: '10,004 authors',
    bytes: chat({}, 2501),
    options: CHAT,
    issues: ['error dataset_too_many_authors'],
  },
  {
    name: '9 evaluation examples',
    bytes: many(9),
    options: { role: 'evaluation' },
    issues: ['error dataset_too_few_examples'],
  },
  { name: '10 evaluation examples', bytes: many(10), options: { role: 'evaluation' }, issues: [] },
  { name: '250 evaluation examples', bytes: many(250), options: { role: 'evaluation' }, issues: [] },
  {
    name: '251 evaluation examples',
    bytes: many(251),
    options: { role: 'evaluation' },
    issues: ['error dataset_too_many_examples'],
  },
  {
    name: 'limits that are passed in',
    bytes: many(100),
    options: { limits: { maxExamples: 99 } },
    issues: ['error dataset_too_many_examples'],
  },
  {
    name: 'the limits of the 32k models',
    bytes: text({ 2: pair(prose(60_000), 'a') }, 100),
    options: { limits: LONG_CONTEXT_LIMITS },
    issues: [],
  },
  {
    name: 'a token overflow that may be cut off',
    bytes: text({ 2: pair(prose(60_000), 'a') }, 10),
    options: { tokenOverflow: 'warning' },
    issues: ['warning token_limit_exceeded 2 input_text', FEW],
  },
  {
    name: 'a context beside a default_context',
    bytes: chat({ 4: chatLine(70, { context: 'a' }) }, 200),
    options: { ...CHAT, defaultContext: 'b' },
    issues: ['advice dataset_context_overrides'],
  },
  ...['', null].map((context) => ({
    name: `${JSON.stringify(context)} as context in the place of a default_context that is too long`,
    bytes: chat({ 4: chatLine(70, { context }) }, 5),
    options: { ...CHAT, defaultContext: prose(60_000) },
    issues: [
      ...[1, 2, 3].map((line) => `error token_limit_exceeded ${line} messages`),
      ...(context === null ? ['warning field_wrong_type 4 context'] : []),
      'error token_limit_exceeded 5 messages',
      'error dataset_too_few_examples',
      'advice dataset_context_overrides',
    ],
  })),
  {
    name: 'a default_context that makes examples too long',
    bytes: chat({}, 10),
    options: { ...CHAT, defaultContext: prose(60_000) },
    issues: [
      ...Array.from({ length: 10 }, (_, index) => `error token_limit_exceeded ${index + 1} messages`),
      FEW,
    ],
  },
  {
    name: 'an input without the instruction of the others',
    bytes: `${labelled(distinct(100))}\n${pair('What now, then?', 'b')}`,
    issues: ['advice dataset_instructions_missing 101 input_text'],
  },
  {
    name: 'labels without any instruction',
    bytes: labelled([...repeat('a', 60), ...repeat('b', 60)], ''),
    issues: ['advice dataset_no_instructions'],
  },
  {
    name: 'inputs of a summarization without any instruction',
    bytes: labelled([...repeat('a', 60), ...repeat('b', 60)], ''),
    options: { task: 'summarization' },
    issues: [],
  },
  {
    name: 'questions of which most begin alike',
    bytes: distinct(120)
      .map((answer, index) =>
        pair(`question: ${index % 10 ? 'What is the name of the' : 'Who met'} ${index}?`, answer),
      )
      .join('\n'),
    options: { task: 'extractive_qa' },
    issues: [],
  },
  {
    name: 'one label',
    bytes: labelled(repeat('spam', 120)),
    options: CLASSIFICATION,
    issues: ['warning dataset_single_label'],
  },
  {
    name: 'one output without a classification task',
    bytes: labelled(repeat('spam', 120)),
    issues: [],
  },
  {
    name: 'a rare label, and an input without the instruction, on lines with errors',
    bytes: [
      labelled([...repeat('spam', 60), ...repeat('ham', 60)]),
      pair(prose(60_000), 'spam'),
      '{"input_text": "Classify the following text into", "output_text": "news", "output_text": "news"}',
    ].join('\n'),
    options: CLASSIFICATION,
    issues: ['error token_limit_exceeded 121 input_text', 'error duplicate_key 122 output_text'],
  },
  {
    name: 'balanced labels',
    bytes: labelled([...repeat('spam', 60), ...repeat('ham', 60)]),
    options: CLASSIFICATION,
    issues: [],
  },
  {
    name: 'a rare label',
    bytes: labelled([...repeat('news', 110), ...repeat('sports', 10)]),
    issues: ['advice dataset_label_imbalance 111'],
  },
  {
    name: 'a label in other case',
    bytes: labelled([...repeat('sports', 60), ...repeat('Sports ', 60)]),
    issues: ['advice dataset_label_typo 61 output_text'],
  },
  {
    name: 'a misspelled label',
    bytes: labelled([...repeat('sports', 9), 'sprots', 'sport', ...repeat('news', 99)]),
    issues: ['advice dataset_label_imbalance 11', 'advice dataset_label_typo 11 output_text'],
  },
  {
    name: 'numbered labels are no typos',
    bytes: labelled([...repeat('grade 1', 60), ...repeat('grade 2', 60)]),
    issues: [],
  },
];

const CASES = [...FILE_CASES, ...FORMAT_CASES, ...MIXED_CASES, ...LINE_CASES, ...CHAT_CASES, ...COUNT_CASES];

/** Content that must not come back: the cases above are made of these. */
const CONTENT =
  /Answer shortly|happy families|What is \d|Classify the following text into one of the classes\. \d|Alice/;

describe('the issues of a data set', () => {
  test.each(CASES)('$name', ({ bytes: file, options, issues }) => {
    expect(issuesOf(checkBytes(file, options))).toEqual(issues);
  });

  test('evaluation examples that training has seen are reported, with the lines of both', () => {
    const training = checkBytes(many(20));
    const evaluation = checkBytes(
      text({ 1: textLine(300), 2: textLine(5), 3: textLine(7, { output_text: 'x' }) }, 3),
      {
        uri: 'gs://inbox/team/eval.jsonl',
        role: 'evaluation',
      },
    );
    const overlap = checkOverlap(training, evaluation);
    expect(overlap.map(({ code, at, fields }) => ({ code, at, fields }))).toEqual([
      {
        code: 'evaluation_overlap',
        at: { uri: 'gs://inbox/team/eval.jsonl', line: 2 },
        fields: { firstLine: 6, sameOutput: true },
      },
      {
        code: 'evaluation_overlap',
        at: { uri: 'gs://inbox/team/eval.jsonl', line: 3 },
        fields: { firstLine: 8, sameOutput: false },
      },
    ]);
  });

  describe('labels of the evaluation that no training example has', () => {
    const EVALUATION = { uri: 'gs://inbox/team/eval.jsonl', role: 'evaluation' as const };
    const found = (trained: string[], evaluated: string[], options: Partial<DatasetCheckOptions>) =>
      checkEvaluationLabels(
        checkBytes(labelled(trained, 'train'), options),
        checkBytes(labelled(evaluated, 'eval'), { ...options, ...EVALUATION }),
      );
    const TRAINED = [...repeat('a', 10), ...repeat('b', 10)];

    test('are reported with the line where each stands first, and not by their text', () => {
      const issues = found(TRAINED, [...repeat('a', 9), 'secret', 'b', 'secret', 'other'], CLASSIFICATION);
      expect(issues.map(({ code, severity, at, fields }) => ({ code, severity, at, fields }))).toEqual(
        [
          { line: 10, count: 2 },
          { line: 13, count: 1 },
        ].map(({ line, count }) => ({
          ...{ code: 'evaluation_label_unknown', severity: 'warning' },
          at: { uri: EVALUATION.uri, line, path: 'output_text' },
          fields: { count, training: URI },
        })),
      );
      expect(JSON.stringify(issues.map(reportIssue))).not.toContain('secret');
    });

    test.each([
      { name: 'where all are known', evaluated: repeat('b', 12), options: CLASSIFICATION },
      { name: 'without a classification task', evaluated: repeat('c', 12), options: {} },
    ])('are none $name', ({ evaluated, options }) => {
      expect(found(TRAINED, evaluated, options)).toEqual([]);
    });

    test('are none where the outputs of the training are no labels', () => {
      const texts = TRAINED.map((_label, index) => `${index} ${'long'.repeat(40)}`);
      expect(found(texts, repeat('c', 12), CLASSIFICATION)).toEqual([]);
    });
  });

  test('the advice about instructions speaks of classes only where the task is classification', () => {
    const file = labelled([...repeat('a', 60), ...repeat('b', 60)], '');
    const sentence = (options?: Partial<DatasetCheckOptions>) =>
      checkBytes(file, options).issues.listed.map((issue) => reportIssue(issue).expected);
    expect(sentence(CLASSIFICATION)).toEqual(['an instruction that names the classes before each text']);
    expect(sentence()).toEqual(['an instruction before each text']);
  });

  /** Between two files; of turns, parts, pairs and conversions: dataset-turns.test.ts, validate-{tuning,forms,split}.test.ts; whole-file-faults.test.ts. */
  const COVERED_ELSEWHERE = [
    // In validate.test.ts: the metadata of an object say it, not its bytes.
    'dataset_content_encoding',
    ...['dataset_not_lines', 'dataset_other_encoding', 'dataset_field_names', 'dataset_unknown_form'],
    ...['dataset_examples_inside', 'line_of_another'],
    ...[
      'evaluation_overlap',
      'evaluation_is_training',
      'evaluation_label_unknown',
      'text_looks_spoilt',
      'dataset_converted',
    ],
    ...['text_off_template', 'dialogue_rounds_rare', 'preference_prompts_differ'],
    ...['call_result_unknown', 'call_unanswered', 'answer_cut'],
    ...['preference_undecided', 'choices_from_one', 'dataset_messages_apart', 'answers_judged'],
    ...['role_unknown', 'turns_without_user', 'last_turn_not_model', 'last_turn_not_user'],
    ...[
      'part_unknown',
      'part_thought',
      'answer_not_a_choice',
      'part_inline_data',
      'system_not_text',
      'file_kind_unknown',
      'file_not_allowed',
    ],
    ...['file_not_found', 'file_without_content', 'file_too_large', 'file_kind_differs', 'files_not_copied'],
    ...['media_resolution_differs', 'media_resolution_in_part', 'function_call_refused'],
    ...['default_context_not_used', 'dataset_split', 'evaluation_split_impossible'],
    ...['line_too_many_members', 'dataset_file_too_large'],
    ...['dataset_compared_in_part', 'dataset_too_large', 'dataset_mostly_dropped', 'evaluation_too_large'],
    ...['conversion_loses', 'conversion_off', 'content_part_unknown'],
    ...[
      'dataset_beside_list',
      'table_row_cells',
      'table_quote_open',
      'table_quote_misplaced',
      'table_columns_unknown',
      'table_above_header',
      'table_header_again',
    ],
    ...['files_too_many', 'completions_not_a_pair', 'completions_alike', 'preference_not_text'],
  ];

  test('every code of the catalog is covered by a case of this file, or of another', () => {
    const covered = new Set(CASES.flatMap(({ issues }) => issues.map((issue) => issue.split(' ')[1])));
    for (const code of COVERED_ELSEWHERE) covered.add(code);
    expect(Object.keys(DATASET_ISSUES).filter((code) => !covered.has(code))).toEqual([]);
  });

  test('the sentences say what to do and never quote an example', () => {
    for (const { bytes: file, options } of CASES) {
      for (const issue of checkBytes(file, options).issues.listed) {
        const { message, found, expected, remedy } = reportIssue(issue);
        expect(message).toContain(found);
        expect(expected).not.toBe('');
        expect(remedy).toMatch(/[.:\]]$|jsonl$|npx tunedrop fix DIR[\w |-]*$/);
        expect(`${message} ${remedy}`).not.toMatch(CONTENT);
        expect(`${message} ${remedy}`).not.toContain('undefined');
      }
    }
  });
});
