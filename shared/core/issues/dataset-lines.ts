import type { JsonProblem } from '../json/faults.ts';
import type { WideEncoding } from '../json/file-kind.ts';
import { atFirstPlace, counted, type FirstPlace, GUIDE_FORMAT } from './dataset-words.ts';
import { foundInside, type PlaceInside, remedyOfInside } from './examples-inside.ts';
import { FOREIGN_FORMATS, type ForeignFormat, remedyOfForeign } from './foreign-formats.ts';
import { MESSAGES_APART, type MessageFields, type MessagesApart, remedyOfApart } from './messages-apart.ts';
import { STRANGE_LINES, type StrangeLine } from './strange-lines.ts';
import { eachOf, remedyOfPreferences, remedyOfUnknown } from './unknown-remedies.ts';
import {
  OTHER_ENCODINGS,
  type OtherEncoding,
  WHOLE_FILE_FAULTS,
  type WholeFileFault,
} from './whole-file-faults.ts';

const unreadBehind = ({ readBefore }: { readBefore?: number | undefined }) =>
  readBefore === undefined ? '' : `; ${counted(readBefore, 'record')} could be read, and nothing behind it`;

/** What is said of a line that is not JSON. */
const JSON_PROBLEMS: Record<JsonProblem, { found: string; remedy: string }> = {
  ends_early: {
    found: 'a line that ends before its JSON does',
    remedy: 'Close every brace, and keep each example on one line.',
  },
  string_not_closed: {
    found: 'a text without its closing quote',
    remedy: 'Close the quote; write a line break inside a text as \\n.',
  },
  cut_short: {
    found: 'the end of the file within an example',
    remedy:
      'Download or export the file again, if it was cut short on its way; else end the example, or remove it.',
  },
  list_not_closed: {
    found: 'the end of the file before the end of the list',
    remedy:
      'Download or export the file again, if it was cut short on its way. If no example is missing, write ] at its end, or ]} where the list is a member of an object.',
  },
  text_after_list: {
    found: 'more behind the end of the list of examples',
    remedy:
      "Put all examples into one list, or each on a line of its own: of several arrays behind each other jq -c '.[]' FILE > fixed.jsonl makes that. Or take out what is no example.",
  },
  line_feed_inside: {
    found: 'a text that goes on over the next lines',
    remedy: 'Write a line break inside a text as \\n, so that the whole example is on one line.',
  },
  control_character: {
    found: 'a raw control character, such as a tab, inside a text',
    remedy: 'Write it as an escape: \\t, \\n or \\u00XX.',
  },
  bad_escape: { found: 'a backslash that begins no JSON escape', remedy: 'Write a backslash as \\\\.' },
  trailing_comma: { found: 'a comma before a closing bracket', remedy: 'Remove that comma.' },
  missing_comma: {
    found: 'two values without a comma between them',
    remedy: 'Add the comma; a quote inside a text is written \\".',
  },
  single_quote: {
    found: 'a single quote',
    remedy: 'Use double quotes; in Python write json.dumps(example), not str(example).',
  },
  typographic_quote: { found: 'a typographic quote', remedy: 'Use the straight quote ".' },
  unquoted_key: { found: 'a field name without quotes', remedy: 'Put the name in double quotes.' },
  foreign_literal: {
    found: 'None, True or a similar word of another language',
    remedy: 'Use true, false or null.',
  },
  not_a_number: {
    found: 'NaN or Infinity, no words of JSON,',
    remedy: `In a field that nobody uses, write null. In the place of a question or an answer it says that there is none: leave such examples out, in pandas with dropna, or here: python3 -c "import json; n = []; [print(line, end='') for line in open('FILE', encoding='utf-8') if (n.clear(), json.loads(line, parse_constant=n.append), not n)[2]]" > fixed.jsonl`,
  },
  bad_number: {
    found: 'a number that JSON does not know',
    remedy: 'Write it without a plus sign or leading zero, with digits around the point.',
  },
  comment: { found: 'a comment', remedy: 'Remove the comment.' },
  ellipsis: {
    found: 'an ellipsis',
    remedy: 'Write what it stands for, or remove the line.',
  },
  text_after_value: {
    found: 'more text after the end of the example',
    remedy: 'Put each example on its own line.',
  },
  bom_inside: {
    found: 'a byte order mark',
    remedy: 'Remove it; files that were joined often keep one at each seam.',
  },
  unexpected_character: {
    found: 'a character that cannot stand there',
    remedy: 'Write the file with a JSON library, one example a line.',
  },
  nul: { found: 'a NUL byte', remedy: 'Remove it.' },
  unicode_separator: { found: 'a Unicode line separator', remedy: 'Use a line feed.' },
  lone_cr: { found: 'a carriage return', remedy: 'Use a line feed.' },
};

/** With a mark the name without an order reads that, and writes no mark. */
const iconvName = ({ encoding, isMarked }: { encoding: WideEncoding; isMarked: boolean }): string => {
  const [name = '', order = ''] = encoding.split(/ text /);
  return isMarked ? name : `${name}${order.includes('little') ? 'LE' : 'BE'}`;
};

/** What can be wrong with a file and its lines, before anybody looks at what an example says. */
export const LINE_ISSUES = {
  dataset_empty: {
    severity: 'error',
    title: 'The data set is empty',
    why: 'A data set must hold at least 10 examples (guide, "Prepare a supervised tuning data set").',
    text: (fields: { sizeBytes: number }) => ({
      found: `${fields.sizeBytes} bytes and no example`,
      expected: 'at least 10 examples, one JSON object a line',
      remedy: 'Upload the data set again with its examples.',
    }),
  },
  dataset_utf16: {
    severity: 'error',
    title: 'The file is not UTF-8',
    why: 'JSON is UTF-8 (RFC 8259, section 8.1), and labels name ids of JSON. "Unicode" in Windows programs often means UTF-16.',
    text: (fields: { encoding: WideEncoding; isMarked: boolean }) => ({
      found: `the first bytes of ${fields.encoding}`,
      expected: 'UTF-8',
      remedy: `Save the file as UTF-8: iconv -f ${iconvName(fields)} -t UTF-8 FILE > fixed.jsonl`,
    }),
  },
  dataset_compressed: {
    severity: 'error',
    title: 'The file is compressed',
    why: `The data set is a JSON Lines file (${GUIDE_FORMAT}), labels are tab-separated text; what the service does with a compressed file is not documented.`,
    text: (fields: { compression: string }) => ({
      found: `the first bytes of ${fields.compression}`,
      expected: 'plain text',
      remedy: 'Unpack the file and upload it uncompressed.',
    }),
  },
  dataset_content_encoding: {
    severity: 'error',
    title: 'The metadata of the file say that it is packed',
    why: 'What a packed object becomes when it is read depends on who reads it (cloud.google.com/storage/docs/transcoding), and what the service does with one is not documented. So it is refused before it is read.',
    text: ({ encoding }: { encoding: string }) => ({
      found: `Content-Encoding: ${encoding}`,
      expected: 'a file without Content-Encoding',
      remedy:
        'Unpack the file where it is packed, and upload it again without a Content-Encoding: with gcloud storage cp, and not with its --gzip-local, -z or -Z.',
    }),
  },
  dataset_not_lines: {
    severity: 'error',
    title: 'The file is something else than lines of JSON or labels',
    why: `Each line holds one example (${GUIDE_FORMAT}). What the file is shows at its beginning; nothing after that was checked.`,
    text: (fields: { fault: WholeFileFault }) => ({
      found: WHOLE_FILE_FAULTS[fields.fault].found,
      expected: 'one JSON object a line; labels of embedding tuning as text with tabs',
      remedy: WHOLE_FILE_FAULTS[fields.fault].remedy,
    }),
  },
  dataset_other_encoding: {
    severity: 'error',
    title: 'The file is in another encoding than UTF-8',
    why: 'JSON is UTF-8 (RFC 8259, section 8.1), and labels name ids of JSON. An encoding cannot be told for certain from its bytes, so that nothing is converted; nothing after the beginning was checked.',
    text: (fields: { lines: number; encoding?: OtherEncoding | undefined }) => ({
      found: `bytes that are no UTF-8 on the first ${counted(fields.lines, 'line')} that ${fields.lines === 1 ? 'is' : 'are'} not plain ASCII${
        fields.encoding ? `; they read as ${OTHER_ENCODINGS[fields.encoding].name}` : ''
      }`,
      expected: 'UTF-8',
      remedy: fields.encoding
        ? `If that is the encoding: iconv -f ${OTHER_ENCODINGS[fields.encoding].iconv} -t UTF-8 FILE > fixed.jsonl`
        : 'Save the file as UTF-8, or, with the encoding that it has: iconv -f ENCODING -t UTF-8 FILE > fixed.jsonl',
    }),
  },
  dataset_field_names: {
    severity: 'error',
    title: 'The fields have other names',
    why: `The names of fields are taken as they are written (${GUIDE_FORMAT}). Seen on all of the first lines; nothing was checked after that.`,
    text: (fields: {
      renamings: readonly { from: string; to: string }[];
      isInArray?: boolean | undefined;
    }) => ({
      found: fields.renamings.map(({ from }) => `"${from}"`).join(' and '),
      expected: fields.renamings.map(({ to }) => `"${to}"`).join(' and '),
      remedy: `Rename ${fields.renamings.map(({ from, to }) => `"${from}" to "${to}"`).join(' and ')}: jq -c '${eachOf(fields)}with_entries(.key |= ({${fields.renamings
        .map(({ from, to }) => `"${from}": "${to}"`)
        .join(', ')}}[.] // .))' FILE > fixed.jsonl`,
    }),
  },
  dataset_examples_inside: {
    severity: 'error',
    title: 'The examples lie inside of other objects',
    why: 'Exports of data bases and of other tools have a record around each example, or an answer of their own around all of them. What else is in it is no part of the example. Seen at the beginning of the file; nothing was checked after that.',
    text: (fields: PlaceInside) => ({
      found: foundInside(fields),
      expected: 'examples with nothing around them',
      remedy: remedyOfInside(fields),
    }),
  },
  dataset_messages_apart: {
    severity: 'error',
    title: 'Each record is one message, and no conversation',
    why: 'An example is what is asked and what is answered. Exports and data bases may have a record for each message; which of them belong together is in their fields, or nobody can say. Seen on all of the first lines; nothing was checked after that.',
    text: ({ kind, ...fields }: MessageFields & { kind: MessagesApart }) => ({
      found: `${MESSAGES_APART[kind].found}${fields.key ? ` ("${fields.key}")` : ''}`,
      expected:
        'all messages of a conversation in one record, such as {"conversation": [{"role", "content"}]}',
      remedy: remedyOfApart(kind, fields),
    }),
  },
  dataset_unknown_form: {
    severity: 'error',
    title: 'The examples are in a form that is not known',
    why: 'A file is read in the form of the model, or in another one that is converted into it: docs/data-forms.md has all of them. Which field is asked and which is answered, nobody guesses. Seen on all of the first lines; nothing was checked after that.',
    text: (fields: {
      fields: readonly string[];
      perhaps?: { asked: string; answered: string; isNumber?: boolean } | undefined;
      paths?: readonly (readonly (string | number)[])[] | undefined;
      isInArray?: boolean | undefined;
      expected: ForeignFormat;
    }) => ({
      found: `records with ${fields.fields.map((field) => `"${field}"`).join(', ')}`,
      expected: `${FOREIGN_FORMATS[fields.expected].name}, or another known form, such as ${fields.expected === 'preference' ? '{"prompt", "chosen", "rejected"}' : '{"question", "answer"}'}`,
      remedy: fields.expected === 'preference' ? remedyOfPreferences(fields) : remedyOfUnknown(fields),
    }),
  },
  dataset_utf8_bom: {
    severity: 'warning',
    title: 'The file begins with a byte order mark',
    why: 'RFC 8259, section 8.1, forbids writers to add one, and readers may refuse it. It is skipped here.',
    text: () => ({
      found: 'the bytes EF BB BF before the first example',
      expected: 'UTF-8 without a byte order mark',
      remedy: 'Save the file as "UTF-8", not as "UTF-8 with BOM".',
    }),
  },
  dataset_json_array: {
    severity: 'error',
    title: 'The file is a JSON array',
    why: `Each line holds one example (${GUIDE_FORMAT}). Nothing after the first line was checked.`,
    text: () => ({
      found: 'one array that holds the examples',
      expected: 'one JSON object a line, without brackets around or commas between them',
      remedy: 'Write each element on its own line, for example with: jq -c ".[]" file.json > file.jsonl',
    }),
  },
  dataset_pretty_printed: {
    severity: 'error',
    title: 'The examples are spread over several lines',
    why: `Each line holds one example (${GUIDE_FORMAT}; the chat example printed there is laid out for reading). Nothing after the first line was checked.`,
    text: () => ({
      found: 'a JSON object that goes on over the next lines',
      expected: 'each example whole on one line',
      remedy: 'Write the examples without indentation, for example with: jq -c . file.json > file.jsonl',
    }),
  },
  dataset_foreign_format: {
    severity: 'error',
    title: 'The data set is in another format',
    why: `Text and code models take "input_text" and "output_text", chat models take "messages" (${GUIDE_FORMAT}), embedding models "_id" and "text". Further lines of the same kind are not reported one by one.`,
    text: (fields: { format: ForeignFormat; expected: ForeignFormat }) => ({
      found: FOREIGN_FORMATS[fields.format].name,
      expected: FOREIGN_FORMATS[fields.expected].name,
      remedy: remedyOfForeign(fields.format, fields.expected),
    }),
  },
  example_mixed_format: {
    severity: 'error',
    title: 'The example is in another format than the data set',
    why: `All examples of a data set have one format (${GUIDE_FORMAT}).`,
    text: (fields: { format: ForeignFormat; first: ForeignFormat } & FirstPlace) => ({
      found: FOREIGN_FORMATS[fields.format].name,
      expected: `${FOREIGN_FORMATS[fields.first].name}, as ${atFirstPlace(fields)}`,
      remedy: remedyOfForeign(fields.format, fields.first),
    }),
  },
  dataset_blank_lines: {
    severity: 'warning',
    title: 'The data set has blank lines',
    why: 'Every line is an example, a record or a label. They are skipped here; whether the service skips them is not documented.',
    text: (fields: { count: number }) => ({
      found: counted(fields.count, 'blank line'),
      expected: 'one example on every line',
      remedy: 'Remove the blank lines.',
    }),
  },
  dataset_line_too_long: {
    severity: 'error',
    title: 'The line is too long to be an example',
    why: 'A line of this length is far over every token limit; usually line feeds are missing. It was skipped.',
    text: (fields: { bytes: number; maxBytes: number }) => ({
      found: `${fields.bytes} bytes on one line`,
      expected: `at most ${fields.maxBytes} bytes`,
      remedy: 'Put each example on its own line and shorten what is left.',
    }),
  },
  line_not_utf8: {
    severity: 'error',
    title: 'The line is not UTF-8',
    why: 'JSON is UTF-8 (RFC 8259, section 8.1), and labels name ids of JSON; other bytes would reach the model as replacement characters.',
    text: (fields: { byteColumn: number }) => ({
      found: `bytes that are no UTF-8 at byte ${fields.byteColumn} of the line`,
      expected: 'UTF-8',
      remedy: 'Save the file as UTF-8; texts from a Windows or Japanese code page must be converted.',
    }),
  },
  line_not_json: {
    severity: 'error',
    title: 'The line is not JSON',
    why: `Each line is one JSON object (RFC 8259; ${GUIDE_FORMAT}).`,
    text: (fields: {
      column: number;
      problem: JsonProblem;
      isCorrectable?: true | undefined;
      /** How many records of a list were read before, where what follows could not be. */
      readBefore?: number | undefined;
    }) => ({
      found: `${JSON_PROBLEMS[fields.problem].found} at column ${fields.column}${unreadBehind(fields)}`,
      expected: 'one JSON object on the line',
      remedy: JSON_PROBLEMS[fields.problem].remedy,
    }),
  },
  line_of_another: {
    severity: 'error',
    title: 'A line is of another program, and no data',
    why: 'Each line holds one example. Further lines of the same kind are not reported one by one; behind the beginning of a web page nothing was checked.',
    text: (fields: { by: StrangeLine }) => ({
      found: STRANGE_LINES[fields.by].found,
      expected: 'one JSON object a line',
      remedy: STRANGE_LINES[fields.by].remedy,
    }),
  },
  line_nul_byte: {
    severity: 'error',
    title: 'The line holds a NUL byte',
    why: 'No JSON text holds one (RFC 8259, section 7); files that were cut off or copied from a database sometimes do.',
    text: (fields: { column: number }) => ({
      found: `a NUL byte at column ${fields.column}`,
      expected: 'JSON text',
      remedy: 'Remove the NUL bytes or export the data again.',
    }),
  },
  line_lone_cr: {
    severity: 'error',
    title: 'Examples are parted by a carriage return alone',
    why: 'A line ends with a line feed (LF or CR LF).',
    text: (fields: { column: number }) => ({
      found: `another example after a carriage return, at column ${fields.column}`,
      expected: 'a line feed after each example',
      remedy: 'Save the file with LF line ends.',
    }),
  },
  line_unicode_separator: {
    severity: 'error',
    title: 'A Unicode line separator stands outside of a text',
    why: 'U+2028, U+2029 and U+0085 are allowed inside a JSON text but neither end a line nor count as white space.',
    text: (fields: { column: number }) => ({
      found: `a Unicode line separator at column ${fields.column}`,
      expected: 'a line feed after each example',
      remedy: 'Replace it with a line feed.',
    }),
  },
  line_too_deep: {
    severity: 'error',
    title: 'The JSON of the line is nested too deeply',
    why: 'An example has three levels. Readers that recurse give up on deep nesting; the limit is ours.',
    text: (fields: { maxDepth: number }) => ({
      found: `more than ${fields.maxDepth} levels of brackets`,
      expected: 'an example',
      remedy: 'Remove the nested field.',
    }),
  },
  line_too_many_members: {
    severity: 'error',
    title: 'The line has too many fields and values',
    why: 'An example has a handful of fields, a long conversation some thousands; a line with far more is something else. It was not read further. The limit is ours.',
    text: (fields: { maxMembers: number }) => ({
      found: `more than ${fields.maxMembers} fields and values`,
      expected: 'an example',
      remedy: 'Put each example on its own line, and remove what is no part of it.',
    }),
  },
  line_not_object: {
    severity: 'error',
    title: 'The line is not an example',
    why: `Each line is one JSON object (${GUIDE_FORMAT}).`,
    text: (fields: { type: string; isCorrectable?: true | undefined }) => ({
      found: fields.type,
      expected: 'a JSON object',
      remedy: 'Write the example as an object with its fields.',
    }),
  },
  duplicate_key: {
    severity: 'error',
    title: 'A field is given twice',
    why: 'Which of the two counts depends on the reader (RFC 8259, section 4), so the model could learn the wrong one.',
    text: () => ({
      found: 'the same name twice in one object',
      expected: 'every name once',
      remedy: 'Remove the one that is not meant.',
    }),
  },
} as const;
