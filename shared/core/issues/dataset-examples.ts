import { counted, GUIDE_FORMAT } from './dataset-words.ts';
import { ODD_TEXT_LINES, ODD_TEXTS, type OddText } from './odd-texts.ts';
import type { SpeakerFound } from './speakers.ts';
import { DIALOGUE_TEMPLATES, type TemplateName } from './templates.ts';

/** Authors that other services and other calls use, with what to write instead. */
const AUTHOR_REMEDIES: Readonly<Record<string, string>> = {
  bot: '"bot" is the author at prediction; in tuning data write "assistant".',
  model: '"model" is the role in Gemini data; here write "assistant".',
};

function remedyOfAuthor({ found, write }: SpeakerFound): string {
  if (found === undefined) return 'Write "user" or "assistant", in lower case.';
  const remedy = AUTHOR_REMEDIES[found];
  if (remedy !== undefined) return remedy;
  if (write !== undefined) return `Write "${write}" in place of "${found}".`;
  return 'Move the text into the field "context" of the example and remove the message.';
}

/** What makes a text of a value of another type, by the name of the type. */
const INTO_TEXT: Readonly<Record<string, string>> = {
  null: 'Write the text that belongs there, or remove the example; leave an optional field out.',
  'an array': 'Join what is in the list to one text.',
  'an object': 'Write the part of it that the model should read or say, as one text.',
};

function remedyOfType({
  expected,
  type,
  isBesideCalls,
  field,
}: {
  expected: string;
  type: string;
  field?: string | undefined;
  isBesideCalls?: boolean;
}) {
  if (expected !== 'a text') return `Write ${expected}.`;
  if (isBesideCalls)
    return 'Remove the example, or write what the assistant says in place of the call: here an answer is a text.';
  if (field !== undefined) return remedyOfScalar(field, type);
  return INTO_TEXT[type] ?? 'Put the value in double quotes, or leave an optional field out.';
}

/** A number is its own text; what true and false are called in an answer, a person says. */
function remedyOfScalar(field: string, type: string): string {
  const each = 'if type == "array" then .[] else . end';
  return type === 'a number'
    ? `Put the number in double quotes, if it is what is meant: jq -c '${each} | if (.${field} | type) == "number" then .${field} |= tostring else . end' FILE > fixed.jsonl`
    : `Write in words what true and false mean, such as "yes" and "no" or what else fits the question: jq -c '${each} | if .${field} == true then .${field} = "yes" elif .${field} == false then .${field} = "no" else . end' FILE > fixed.jsonl`;
}

/** What can be wrong with the fields of an example and with a conversation of the guide's models. */
export const EXAMPLE_ISSUES = {
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
    text: (fields: {
      expected: string;
      type: string;
      isBesideCalls?: boolean;
      field?: string | undefined;
    }) => ({
      found: fields.isBesideCalls ? `${fields.type} beside calls of tools` : fields.type,
      expected: fields.expected,
      remedy: remedyOfType(fields),
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
      found: `${counted(fields.characters, 'character')} of white space or without width`,
      expected: 'a text',
      remedy: 'Fill the field or remove the example.',
    }),
  },
  text_looks_spoilt: {
    severity: 'advice',
    title: 'A text seems to be spoilt',
    why: 'Exports and conversions leave such traces, and the model learns to write them. It may be meant, so that it is advice. The first 10,000 lines are looked at.',
    firstLines: ODD_TEXT_LINES,
    text: (fields: { kind: OddText }) => ({
      found: ODD_TEXTS[fields.kind].found,
      expected: 'the text as a person would write it',
      remedy: ODD_TEXTS[fields.kind].remedy,
    }),
  },
  answer_not_a_choice: {
    severity: 'error',
    title: 'The answer is none of the choices',
    why: 'Of a question with choices the answer is the label of one, such as "B", its text, or its place as a number, counted from 0 as in MMLU. It is never guessed which one is meant.',
    text: ({ choices }: { choices: number }) => ({
      found: `an answer that is not one of the ${choices} choices by its label, its text or its place from 0 to ${choices - 1}, or may be two of them`,
      expected: 'the label or the text of the choice that is right',
      remedy:
        'Write the label or the text of the choice. Where the file counts places from 1, take 1 from every answer in it.',
    }),
  },
  text_off_template: {
    severity: 'error',
    title: 'A text does not go by the template of the others',
    why: 'Where each text of a file is a whole dialogue by one template, it is read as its turns. That is done strictly, so that no mark is learnt as a word, and no word is lost as a mark: one that somebody seems to quote, in a block of code, behind a colon or within a sentence, may be either.',
    text: ({ template, areQuoted }: { template: TemplateName; areQuoted?: boolean | undefined }) => ({
      found: areQuoted
        ? `a text in which marks of the template of ${DIALOGUE_TEMPLATES[template].of} seem to be quoted`
        : `a text that is not read by the template of ${DIALOGUE_TEMPLATES[template].of} from end to end`,
      expected: `what the user and the model say by turns, none of it empty, with the marks ${DIALOGUE_TEMPLATES[template].looks} and no others`,
      remedy: areQuoted
        ? 'Where somebody quotes a mark, put it in backquotes; where it begins a turn, close the quote or the sentence before it, and begin a line with it. Or remove the example.'
        : 'Write the text with these marks where its turns begin, the user first and the model last, and put those that somebody quotes in backquotes. Or remove the example.',
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
    text: (fields: SpeakerFound) => ({
      found: fields.found === undefined ? 'another author' : JSON.stringify(fields.found),
      expected: '"user" or "assistant"',
      remedy: remedyOfAuthor(fields),
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
      found: counted(fields.pairs, 'pair'),
      expected: '2 to 3 pairs',
      remedy: 'Split long conversations; give short ones another turn.',
    }),
  },
  default_context_not_used: {
    severity: 'warning',
    title: 'The default context does not reach the examples',
    why: '`default_context` becomes the system instruction of examples that are converted. A file that is in the form of the model already is trained on as it is.',
    text: () => ({
      found: 'default_context beside examples in the form of the model',
      expected: 'the system instruction in each example',
      remedy: 'Write it into the examples, and remove default_context.',
    }),
  },
} as const;
