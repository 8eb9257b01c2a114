import type { JsonProblem } from '../json/faults.ts';
import { type IssueOf, issueFactory } from './issue.ts';

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
    found: 'NaN, None, True or a similar word of another language',
    remedy: 'Use true, false or null.',
  },
  bad_number: {
    found: 'a number that JSON does not know',
    remedy: 'Write it without a plus sign or leading zero, with digits around the point.',
  },
  comment: { found: 'a comment', remedy: 'Remove the comment.' },
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

/** The training formats that people upload by mistake, or to the wrong model. */
export const FOREIGN_FORMATS = {
  input_output: {
    name: '{"input_text", "output_text"}, the format of text and code models',
    remedy: 'Name a text or code model in the manifest, or write each example as "messages".',
  },
  messages: {
    name: '{"messages": [{"author", "content"}]}, the format of chat models',
    remedy: 'Name a chat model in the manifest, or write each example as "input_text" and "output_text".',
  },
  contents: {
    name: '{"contents": [{"role", "parts"}]}, the format of Gemini models',
    remedy: 'Name a Gemini model in the manifest, or rewrite the examples in the expected format.',
  },
  chat_messages: {
    name: '{"messages": [{"role", "content"}]}, the format of OpenAI and of open models',
    remedy:
      'Rename "role" to "author" and move a "system" message into "context"; for a text model make one pair of each example.',
  },
  preference: {
    name: '{"contents", "completions"}, the preferences of Gemini models',
    remedy:
      'Write "tuning_method": "preference" in the manifest, or keep the better completion as the last content.',
  },
  prompt_completion: {
    name: '{"prompt", "completion"}',
    remedy: 'Rename "prompt" to "input_text" and "completion" to "output_text".',
  },
  alpaca: {
    name: '{"instruction", "input", "output"}, the Alpaca format',
    remedy: 'Join "instruction" and "input" into "input_text" and rename "output" to "output_text".',
  },
  sharegpt: {
    name: '{"conversations": [{"from", "value"}]}, the ShareGPT format',
    remedy:
      'Rename "conversations" to "messages", "from" to "author" (user, assistant) and "value" to "content".',
  },
  rlhf_preference: {
    name: '{"candidate_0", "candidate_1", "choice"}, preferences for RLHF tuning',
    remedy: 'Supervised tuning takes one expected output: keep the chosen candidate as "output_text".',
  },
  embedding: {
    name: '{"_id", "text"}, the corpus or queries of embedding tuning',
    remedy: 'Name an embedding model in the manifest, or upload the examples of this one.',
  },
} as const satisfies Record<string, { name: string; remedy: string }>;
export type ForeignFormat = keyof typeof FOREIGN_FORMATS;

/** Authors that other services and other calls use, with what to write instead. */
const AUTHOR_REMEDIES: Record<string, string> = {
  bot: '"bot" is the author at prediction; in tuning data write "assistant".',
  model: '"model" is the role in Gemini data; here write "assistant".',
  system: 'Move the text into the field "context" of the example and remove the message.',
  human: 'Write "user".',
  ai: 'Write "assistant".',
  gpt: 'Write "assistant".',
};

const plural = (count: number, one: string, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;
const GUIDE_FORMAT = 'guide, "Dataset format"';

/** What can be wrong with a data set, or between the training and the evaluation data. */
export const DATASET_ISSUES = {
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
    text: () => ({
      found: 'the first bytes of UTF-16 or UTF-32',
      expected: 'UTF-8',
      remedy: 'Save the file as UTF-8 and upload it again.',
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
      remedy:
        fields.expected === 'embedding'
          ? 'Name the file that holds the records, or write each with "_id" and "text".'
          : FOREIGN_FORMATS[fields.format].remedy,
    }),
  },
  example_mixed_format: {
    severity: 'error',
    title: 'The example is in another format than the data set',
    why: `All examples of a data set have one format (${GUIDE_FORMAT}).`,
    text: (fields: { format: ForeignFormat; first: ForeignFormat; firstLine: number }) => ({
      found: FOREIGN_FORMATS[fields.format].name,
      expected: `${FOREIGN_FORMATS[fields.first].name}, as on line ${fields.firstLine}`,
      remedy: 'Keep one format in a file.',
    }),
  },
  dataset_blank_lines: {
    severity: 'warning',
    title: 'The data set has blank lines',
    why: 'Every line is an example, a record or a label. They are skipped here; whether the service skips them is not documented.',
    text: (fields: { count: number }) => ({
      found: plural(fields.count, 'blank line'),
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
    text: (fields: { column: number; problem: JsonProblem }) => ({
      found: `${JSON_PROBLEMS[fields.problem].found} at column ${fields.column}`,
      expected: 'one JSON object on the line',
      remedy: JSON_PROBLEMS[fields.problem].remedy,
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
  line_not_object: {
    severity: 'error',
    title: 'The line is not an example',
    why: `Each line is one JSON object (${GUIDE_FORMAT}).`,
    text: (fields: { type: string }) => ({
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
  lone_surrogate: {
    severity: 'error',
    title: 'The text holds half of a character',
    why: 'An escape such as \\ud83d stands for half of a character; alone it cannot be written as UTF-8. A text cut in the middle of an emoji shows it.',
    text: () => ({
      found: 'a surrogate escape without its other half',
      expected: 'whole characters',
      remedy: 'Cut texts between characters, not between UTF-16 units.',
    }),
  },
  field_missing: {
    severity: 'error',
    title: 'A required field is missing',
    why: `Text examples need "input_text" and "output_text"; chat examples need "messages", each with "author" and "content" (${GUIDE_FORMAT}); queries and documents of embedding tuning need "_id" and "text".`,
    text: (fields: { field: string; similar?: boolean }) => ({
      found: fields.similar
        ? `no "${fields.field}", but a field with almost that name`
        : `no "${fields.field}"`,
      expected: `the field "${fields.field}"`,
      remedy: fields.similar
        ? `Rename the field to "${fields.field}".`
        : `Add "${fields.field}" to the example.`,
    }),
  },
  field_wrong_type: {
    severity: 'error',
    title: 'A field has the wrong type',
    why: `The fields of an example are texts, and "messages" is a list of objects (${GUIDE_FORMAT}).`,
    text: (fields: { expected: string; type: string }) => ({
      found: fields.type,
      expected: fields.expected,
      remedy:
        fields.expected === 'a text'
          ? 'Put the value in double quotes, or leave an optional field out.'
          : `Write ${fields.expected}.`,
    }),
  },
  field_empty: {
    severity: 'error',
    title: 'A field is empty',
    why: 'An empty input asks nothing and an empty output teaches nothing; for chat the service itself refuses an empty content.',
    text: () => ({
      found: 'an empty text',
      expected: 'a text',
      remedy: 'Fill the field or remove the example.',
    }),
  },
  field_blank: {
    severity: 'warning',
    title: 'A field holds nothing to read',
    why: 'It is as good as empty to a reader, though not to the service.',
    text: (fields: { characters: number }) => ({
      found: `${plural(fields.characters, 'character')} of white space or without width`,
      expected: 'a text',
      remedy: 'Fill the field or remove the example.',
    }),
  },
  messages_empty: {
    severity: 'error',
    title: 'The conversation has no message',
    why: "Google's preprocessing of chat data refuses an example without messages.",
    text: () => ({
      found: 'an empty list',
      expected: 'messages of user and assistant in turn',
      remedy: 'Add the messages or remove the example.',
    }),
  },
  author_unknown: {
    severity: 'error',
    title: 'The author of a message is unknown',
    why: `\`author\` is "user" or "assistant" (${GUIDE_FORMAT}).`,
    text: (fields: { known?: string }) => ({
      found: fields.known === undefined ? 'another author' : `"${fields.known}"`,
      expected: '"user" or "assistant"',
      remedy: AUTHOR_REMEDIES[fields.known ?? ''] ?? 'Write "user" or "assistant", in lower case.',
    }),
  },
  first_author_not_user: {
    severity: 'error',
    title: 'The conversation does not begin with the user',
    why: "Google's preprocessing of chat data refuses it.",
    text: () => ({
      found: 'a first message of the assistant',
      expected: 'a first message of the user',
      remedy: 'Remove the greeting or put it into "context".',
    }),
  },
  last_author_not_assistant: {
    severity: 'error',
    title: 'The conversation does not end with the assistant',
    why: "Google's preprocessing of chat data refuses it: the last message is what the model learns to say.",
    text: () => ({
      found: 'a last message of the user',
      expected: 'a last message of the assistant',
      remedy: 'Add the answer or remove the last message.',
    }),
  },
  authors_not_alternating: {
    severity: 'warning',
    title: 'User and assistant do not take turns',
    why: `\`author\` alternates between "user" and "assistant" (${GUIDE_FORMAT}); the service does not check it.`,
    text: (fields: { author: string }) => ({
      found: `two messages of the ${fields.author} in a row`,
      expected: 'user and assistant in turn',
      remedy: 'Join the two messages into one.',
    }),
  },
  pairs_not_recommended: {
    severity: 'warning',
    title: 'The conversation is shorter or longer than the guide asks for',
    why: `An example needs 2 to 3 pairs of a user and an assistant message (${GUIDE_FORMAT}); the service does not check it.`,
    text: (fields: { pairs: number }) => ({
      found: plural(fields.pairs, 'pair'),
      expected: '2 to 3 pairs',
      remedy: 'Split long conversations; give short ones another turn.',
    }),
  },
  dataset_converted: {
    severity: 'advice',
    title: 'The data set is converted',
    why: 'The model takes another form of examples. What converts without loss is converted: the uploaded file stays as it is, the checked copy is written in the form of the model, and the job is trained on that.',
    text: (fields: { from: ForeignFormat; to: ForeignFormat }) => ({
      found: FOREIGN_FORMATS[fields.from].name,
      expected: FOREIGN_FORMATS[fields.to].name,
      remedy: 'Nothing has to be done: the job is trained on a converted copy.',
    }),
  },
  role_unknown: {
    severity: 'error',
    title: 'The role of a turn is unknown',
    why: 'A turn of Gemini data is the user’s or the model’s; open models have "system", "user" and "assistant" (Google Cloud, "Prepare supervised fine-tuning data").',
    text: (fields: { allowed: string }) => ({
      found: 'no role, or another one',
      expected: fields.allowed,
      remedy: `Write ${fields.allowed}.`,
    }),
  },
  turns_without_user: {
    severity: 'error',
    title: 'Nobody asks the model anything',
    why: 'The model learns to answer what the user says, so that an example has at least one turn of the user.',
    text: () => ({
      found: 'no turn of the user',
      expected: 'a turn of the user before the answer',
      remedy: 'Add what the user says, or remove the example.',
    }),
  },
  last_turn_not_model: {
    severity: 'error',
    title: 'The example does not end with the answer of the model',
    why: 'What the model is to learn is its last turn.',
    text: () => ({
      found: 'a last turn that is not the model’s',
      expected: 'role "model" in the last turn',
      remedy: 'Add the answer that the model should give, or remove what follows it.',
    }),
  },
  last_turn_not_user: {
    severity: 'error',
    title: 'The example does not end with the user',
    why: 'The completions of preference tuning answer the last turn, which is the user’s (Google Cloud, "Prepare preference tuning data").',
    text: () => ({
      found: 'a last turn that is not the user’s',
      expected: 'role "user" in the last turn of "contents"',
      remedy: 'Move the answers of the model into "completions".',
    }),
  },
  part_unknown: {
    severity: 'error',
    title: 'A part holds nothing that the model can read',
    why: 'A part is a text, a file, a call of a function or its answer.',
    text: () => ({
      found: 'a part without text, fileData, functionCall or functionResponse',
      expected: 'one of them',
      remedy: 'Write {"text": "…"} or name the file in "fileData".',
    }),
  },
  part_inline_data: {
    severity: 'error',
    title: 'A part holds a file itself',
    why: 'Tuning reads files from Cloud Storage: the data set names them in "fileData".',
    text: () => ({
      found: 'inlineData',
      expected: 'fileData with mimeType and fileUri',
      remedy: 'Upload the file beside the data set and name it as {"fileData": {"mimeType", "fileUri"}}.',
    }),
  },
  system_not_text: {
    severity: 'error',
    title: 'The system instruction holds a file',
    why: 'A system instruction has text parts only.',
    text: () => ({
      found: 'a file in systemInstruction',
      expected: 'text parts',
      remedy: 'Move the file into a turn of the user.',
    }),
  },
  file_kind_unknown: {
    severity: 'error',
    title: 'The kind of a file is not known',
    why: 'Gemini is tuned on images, PDF documents, audio and video; the mimeType says which of them a file is.',
    text: () => ({
      found: 'no mimeType, or another one',
      expected: 'image/…, application/pdf, audio/… or video/…',
      remedy: 'Write the mimeType of the file.',
    }),
  },
  file_not_allowed: {
    severity: 'error',
    title: 'An example names a file that this deployment does not let the job read',
    why: 'A job reads files with rights that the author of a data set does not have, so that they come from the inbox or from a bucket that the administrator lists.',
    text: () => ({
      found: 'a fileUri elsewhere',
      expected: 'a gs:// URI in the inbox, or in a bucket that the administrator lists',
      remedy: 'Upload the file to the inbox and name it there, or ask the administrator to list its bucket.',
    }),
  },
  files_too_many: {
    severity: 'error',
    title: 'An example names too many files of a kind',
    why: 'Google Cloud, "Tune Gemini models by using supervised fine-tuning": 30 images, 4 documents, 1 audio and 1 video an example.',
    text: (fields: { kind: string; count: number; most: number }) => ({
      found: `${fields.count} of the kind ${fields.kind}`,
      expected: `at most ${fields.most}`,
      remedy: 'Leave files out, or make several examples of this one.',
    }),
  },
  completions_not_a_pair: {
    severity: 'error',
    title: 'The completions are not a better and a worse one',
    why: 'Preference tuning takes exactly two completions, one with the score 1 and one with the score 0 (Google Cloud, "Prepare preference tuning data").',
    text: (fields: { count: number }) => ({
      found: plural(fields.count, 'completion'),
      expected: 'two, with the scores 1 and 0',
      remedy: 'Keep the better completion with "score": 1 and one worse with "score": 0.',
    }),
  },
  completions_alike: {
    severity: 'warning',
    title: 'Both completions are the same',
    why: 'A pair teaches by its difference.',
    text: () => ({
      found: 'the same text twice',
      expected: 'a better and a worse answer',
      remedy: 'Remove the example, or correct one of its completions.',
    }),
  },
  preference_not_text: {
    severity: 'error',
    title: 'An example of preferences holds a file',
    why: 'Preference tuning takes text alone (Google Cloud, "Prepare preference tuning data").',
    text: () => ({
      found: 'a file',
      expected: 'text parts',
      remedy: 'Remove the file, or tune with "tuning_method": "supervised".',
    }),
  },
  dataset_context_overrides: {
    severity: 'advice',
    title: 'Some examples have a context of their own',
    why: `The context of an example overrides \`default_context\` (${GUIDE_FORMAT}).`,
    text: (fields: { count: number; examples: number }) => ({
      found: `${fields.count} of ${plural(fields.examples, 'example')} with "context", beside a \`default_context\``,
      expected: 'the default for all, or a context that is meant to differ',
      remedy: 'Remove "context" where the default should hold.',
    }),
  },
  dataset_extra_fields: {
    severity: 'advice',
    title: 'Examples have fields that are not used',
    why: `Further fields of a structured prompt, such as "context" beside "input_text", are ignored (${GUIDE_FORMAT}).`,
    text: (fields: { fields: readonly string[]; count: number }) => ({
      found: `${fields.fields.join(', ')} in ${plural(fields.count, 'example')}`,
      expected: 'only the fields of the format',
      remedy: 'If the model should see them, write them into the input.',
    }),
  },
  token_limit_exceeded: {
    severity: 'error',
    title: 'The text has too many tokens',
    why: 'The guide says that what is over the limit is cut off ("Dataset format"); in practice the service was seen to refuse such rows after submission. The count is an estimate whose low end is already over.',
    text: (fields: { low: number; high: number; limit: number; what: string }) => ({
      found: `about ${fields.low} to ${fields.high} tokens in ${fields.what}`,
      expected: `at most ${fields.limit} tokens`,
      remedy: 'Shorten it or make several examples of it.',
    }),
  },
  token_limit_uncertain: {
    severity: 'warning',
    title: 'The text may have too many tokens',
    why: 'Without the tokenizer of the model only an interval can be given, and the limit lies inside it. Tokens over the limit are cut off (guide, "Dataset format").',
    text: (fields: { low: number; high: number; limit: number; what: string }) => ({
      found: `about ${fields.low} to ${fields.high} tokens in ${fields.what}`,
      expected: `at most ${fields.limit} tokens`,
      remedy: 'Shorten it to be sure.',
    }),
  },
  duplicate_example: {
    severity: 'warning',
    title: 'The example is there twice',
    why: 'A repeated example counts double in training and is often a slip in preparing the data.',
    text: (fields: { firstLine: number }) => ({
      found: `the same example as on line ${fields.firstLine}`,
      expected: 'every example once',
      remedy: 'Remove one, unless it is meant to weigh more.',
    }),
  },
  conflicting_outputs: {
    severity: 'warning',
    title: 'The same input has two outputs',
    why: 'The model is asked for different answers to one question, and learns neither well.',
    text: (fields: { firstLine: number }) => ({
      found: `the input of line ${fields.firstLine} with another output`,
      expected: 'one output for an input',
      remedy: 'Keep the right one, or tell the two apart in the input.',
    }),
  },
  evaluation_overlap: {
    severity: 'warning',
    title: 'An evaluation example is also in the training data',
    why: 'What the model has seen in training says nothing of how it does on new data.',
    text: (fields: { trainingLine: number; sameOutput: boolean }) => ({
      found: `the input of line ${fields.trainingLine} of the training data, with ${fields.sameOutput ? 'the same' : 'another'} output`,
      expected: 'evaluation data that training has not seen',
      remedy: 'Remove it from one of the two files.',
    }),
  },
  dataset_too_few_examples: {
    severity: 'error',
    title: 'The data set has too few examples',
    why: 'Training needs at least 10 examples (guide, "Prepare a supervised tuning data set"), evaluation 10 to 250 (guide, EVAL_DATASET_URI).',
    text: (fields: { examples: number; min: number }) => ({
      found: plural(fields.examples, 'example'),
      expected: `at least ${fields.min}`,
      remedy: 'Add examples.',
    }),
  },
  dataset_too_many_examples: {
    severity: 'error',
    title: 'The data set has too many examples',
    why: `A text data set holds at most 10,000 examples (${GUIDE_FORMAT}), an evaluation data set 250 (guide, EVAL_DATASET_URI).`,
    text: (fields: { examples: number; max: number }) => ({
      found: plural(fields.examples, 'example'),
      expected: `at most ${fields.max}`,
      remedy: `Keep ${fields.max} examples, the most telling ones.`,
    }),
  },
  dataset_too_many_authors: {
    severity: 'error',
    title: 'The data set has too many messages',
    why: `A chat data set holds at most 10,000 \`author\` fields over all messages of all examples (${GUIDE_FORMAT}).`,
    text: (fields: { authors: number; max: number }) => ({
      found: plural(fields.authors, '`author` field'),
      expected: `at most ${fields.max}`,
      remedy: 'Keep fewer or shorter conversations.',
    }),
  },
  dataset_few_examples: {
    severity: 'advice',
    title: 'More examples would give a better model',
    why: 'The guide recommends at least 100 to 500 examples, for chat at least 200 ("Recommended configurations").',
    text: (fields: { examples: number; recommended: number }) => ({
      found: plural(fields.examples, 'example'),
      expected: `${fields.recommended} or more`,
      remedy: 'Add examples if you have them.',
    }),
  },
  dataset_instructions_missing: {
    severity: 'advice',
    title: 'Some inputs lack the instruction of the others',
    why: 'Without instructions the tuned model does worse, most of all on a small data set (guide, "Include instructions in examples"). Seen by how the inputs begin, so it may be meant.',
    text: (fields: { without: number; examples: number }) => ({
      found: `${fields.without} of ${plural(fields.examples, 'input')} that begin otherwise than the rest`,
      expected: 'the same instruction at the beginning of every input',
      remedy: 'Add the instruction, and send it in production in the same form.',
    }),
  },
  dataset_no_instructions: {
    severity: 'advice',
    title: 'The inputs seem to hold no instruction',
    why: 'Outputs that are few and short look like classes. Classification without instructions works, but the tuned model does worse, most of all on a small data set (guide, "Include instructions in examples").',
    text: (fields: { labels: number; areClasses?: boolean }) => ({
      found: `inputs that all begin differently, with ${plural(fields.labels, 'different output')}`,
      expected: fields.areClasses
        ? 'an instruction that names the classes before each text'
        : 'an instruction before each text',
      remedy: fields.areClasses
        ? 'Begin each input with: Classify the following text into one of the following classes: [...] Text:'
        : 'Begin each input with a sentence that says what to do with the text.',
    }),
  },
  dataset_label_imbalance: {
    severity: 'advice',
    title: 'Some labels are much rarer than others',
    why: 'A model that has seen a label only a few times seldom answers with it.',
    text: (fields: { most: number; least: number }) => ({
      found: `${plural(fields.most, 'example')} of the most frequent label and ${fields.least} of the rarest`,
      expected: 'about as many of each, at most ten times as many',
      remedy: 'Add examples of the rare labels.',
    }),
  },
  dataset_single_label: {
    severity: 'warning',
    title: 'All examples have the same label',
    why: 'A classifier that only ever saw one label learns to answer with it whatever it is asked.',
    text: (fields: { examples: number }) => ({
      found: `the same output in ${plural(fields.examples, 'example')}`,
      expected: 'at least two labels',
      remedy: 'Add examples of the other classes, or choose another `task` in the manifest.',
    }),
  },
  evaluation_label_unknown: {
    severity: 'warning',
    title: 'A label of the evaluation is not in the training data',
    why: 'A model seldom answers with a class that it never saw, so these examples count as wrong whatever the training is worth.',
    text: (fields: { count: number; training: string }) => ({
      found: `a label used ${plural(fields.count, 'time')} that no example of ${fields.training} has`,
      expected: 'labels that the training data has too',
      remedy:
        'Add training examples of this class, or leave it out of the evaluation; look for another spelling first.',
    }),
  },
  dataset_label_typo: {
    severity: 'advice',
    title: 'A label looks like another one, misspelled',
    why: 'Each spelling is a class of its own to the model.',
    text: (fields: { count: number; otherCount: number; otherLine: number }) => ({
      found: `a label used ${plural(fields.count, 'time')} that is almost the one of line ${fields.otherLine}, used ${plural(fields.otherCount, 'time')}`,
      expected: 'one spelling for each label',
      remedy: 'Use the same spelling, if the same is meant.',
    }),
  },
} as const;

export type DatasetIssue = IssueOf<typeof DATASET_ISSUES>;
export const datasetIssue = issueFactory(DATASET_ISSUES);
