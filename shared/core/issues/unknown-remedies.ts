import { pathOfJq } from './jq-path.ts';
import { ENDED, JOINED } from './messages-apart.ts';

/** Before what jq does with each record. */
export const eachOf = ({ isInArray }: { isInArray?: boolean | undefined }) => (isInArray ? '.[] | ' : '');

interface KnownRecords {
  /** All of them are there. */
  fields: readonly string[];
  remedy: (each: string) => string;
}

const labelled = (first: string, second: string, label: string) => (each: string) =>
  `These are pairs of sentences with what the second is to the first (as in SNLI). Write what the model should be asked, and answer the label; numbers are those of SNLI and MNLI, and pairs without a label are left out: jq -c '${each}select(.${label} | IN(-1, "-", "", null) | not) | {question: ("Premise: " + .${first} + "\\nHypothesis: " + .${second} + "\\nAnswer entailment, neutral or contradiction."), answer: (.${label} | if type == "number" then ["entailment", "neutral", "contradiction"][.] else tostring end)}' FILE > fixed.jsonl`;

const PARAGRAPHS =
  '.context as $context | .qas[] | select(.answers != []) | {id, context: $context, question, answers: {text: [.answers[].text]}}';

const EMBEDDING =
  'Queries with texts that answer them tune an embedding model: write "base_model": "text-embedding-005", or another embedding model of docs/models.md, and in place of dataset_uri this file as "queries_path", as "corpus_path" and as "train_label_path".';

/** What a desk for tickets has of one: the messages under it, and what tells who asks. */
const ticket = (program: string, talk: string) => (each: string) =>
  `These are conversations of ${program}. If whoever began one asks, and the others answer, write each as a conversation; questions at the end that nobody answers are left out, and marks of HTML are taken out: jq -c '${each}${talk} | map(.content |= gsub("<[^>]*>"; "")) | map(select(.content | test("\\\\S"))) | ${JOINED} | ${ENDED}' FILE > fixed.jsonl`;

/** Several answers to one question, with a list beside them that says how good each is. */
const several = (answers: string, beside: string, best: string) => (each: string) =>
  `These are questions with several answers each, and "${beside}" says how good they are. Keep the best: jq -c '${each}{question: .prompt, answer: ([.${answers}, .${beside}] | transpose | ${best}(.[1]) | .[0])}' FILE > fixed.jsonl. For tuning on preferences, write the best as "chosen" and another as "rejected".`;

const SEVERAL: readonly KnownRecords[] = ['completions', 'responses'].flatMap((answers) => [
  { fields: ['prompt', answers, 'scores'], remedy: several(answers, 'scores', 'max_by') },
  { fields: ['prompt', answers, 'rewards'], remedy: several(answers, 'rewards', 'max_by') },
  { fields: ['prompt', answers, 'ranks'], remedy: several(answers, 'ranks', 'min_by') },
  { fields: ['prompt', answers, 'rank'], remedy: several(answers, 'rank', 'min_by') },
]);

/** Records that are no examples, told by fields that all of them have: the rest is elsewhere, or they are for something else. */
const NO_EXAMPLES: readonly KnownRecords[] = [
  {
    fields: ['custom_id', 'response'],
    remedy: () =>
      `These are the answers of a batch of OpenAI without their questions, which the file of requests has. Join both, with its name in place of REQUESTS: jq -c -n --slurpfile requests REQUESTS '($requests | INDEX(.custom_id)) as $asked | inputs | select(.response.body.choices and $asked[.custom_id]) | {messages: ($asked[.custom_id].body.messages + [.response.body.choices[0].message | {role, content}])}' FILE > fixed.jsonl`,
  },
  {
    fields: ['query', 'pos'],
    remedy: () => EMBEDDING,
  },
  { fields: ['anchor', 'positive'], remedy: () => EMBEDDING },
  ...SEVERAL,
  {
    fields: ['guild', 'channel', 'messages'],
    remedy: () =>
      `This is a chat that was exported from Discord. Say who asks, in place of ASKS; each of their messages is answered by what the others say next: jq -c '[.messages[] | select((.content // "") != "") | {role: (if .author.name == "ASKS" then "user" else "assistant" end), content}] | ${JOINED} | . as $said | range(length - 1) | select($said[.].role == "user") | {question: $said[.].content, answer: $said[. + 1].content}' FILE > fixed.jsonl. Then read it through: what belongs to no question, a person sorts out.`,
  },
  {
    fields: ['requester_id', 'comments'],
    remedy: ticket(
      'Zendesk',
      '.requester_id as $asks | [.comments[] | select(.public != false) | {role: (if .author_id == $asks then "user" else "assistant" end), content: (.body // "")}]',
    ),
  },
  {
    fields: ['source', 'conversation_parts'],
    remedy: ticket(
      'Intercom',
      '[.source, .conversation_parts.conversation_parts[]] | map(select(.part_type == null or .part_type == "comment") | {role: (if .author.type | IN("user", "lead", "contact") then "user" else "assistant" end), content: (.body // "")})',
    ),
  },
  { fields: ['premise', 'hypothesis', 'label'], remedy: labelled('premise', 'hypothesis', 'label') },
  {
    fields: ['sentence1', 'sentence2', 'gold_label'],
    remedy: labelled('sentence1', 'sentence2', 'gold_label'),
  },
  {
    fields: ['question', 'function'],
    remedy: (each) =>
      `These are questions of a test of function calls (as in BFCL) without the calls that answer them, which a file beside it has ("ground_truth"). Join both, with its name in place of ANSWERS: jq -c --slurpfile answers ANSWERS '${each}($answers | INDEX(.id)) as $known | select($known[.id]) | {query: (.question | if type == "array" then [.. | objects | .content] | join("\\n") else . end), answers: [$known[.id].ground_truth[] | to_entries[0] | {name: .key, arguments: (.value | map_values(.[0]) | with_entries(select(.value != "")))}], tools: (.function | if type == "array" then . else [.] end)}' FILE > fixed.jsonl`,
  },
  {
    fields: ['paragraphs'],
    remedy: (each) =>
      `These are titles of SQuAD with the questions under their paragraphs. Write each question with its paragraph on a line of its own: jq -c '${each}.paragraphs[] | ${PARAGRAPHS}' FILE > fixed.jsonl`,
  },
  {
    fields: ['context', 'qas'],
    remedy: (each) =>
      `These are paragraphs of SQuAD with their questions under them. Write each question with its paragraph on a line of its own: jq -c '${each}${PARAGRAPHS}' FILE > fixed.jsonl`,
  },
];

/** What brings records of no known form into one. */
export function remedyOfUnknown(fields: {
  fields: readonly string[];
  perhaps?: { asked: string; answered: string; isNumber?: boolean } | undefined;
  paths?: readonly (readonly (string | number)[])[] | undefined;
  isInArray?: boolean | undefined;
}): string {
  const { perhaps, paths } = fields;
  const other = NO_EXAMPLES.find((row) => row.fields.every((field) => fields.fields.includes(field)));
  if (other) return other.remedy(eachOf(fields));
  if (!perhaps && paths && paths.length > 1) {
    return `Put two of ${paths.map(pathOfJq).join(', ')} in place of ASKED and ANSWERED: jq -c '${eachOf(fields)}{question: ASKED, answer: ANSWERED}' FILE > fixed.jsonl`;
  }
  if (!perhaps && paths) return WRITE_BOTH;
  const { asked, answered, isNumber } = fields.perhaps ?? { asked: 'ASKED', answered: 'ANSWERED' };
  const answer = isNumber ? `(."${answered}" | tostring)` : `."${answered}"`;
  const when = fields.perhaps
    ? `If "${asked}" is what is asked, and "${answered}" what is answered`
    : 'Put the names of two fields in place of ASKED and ANSWERED';
  return `${when}: jq -c '${eachOf(fields)}{question: ."${asked}", answer: ${answer}}' FILE > fixed.jsonl`;
}

/** The same where answers are compared. */
export const remedyOfPreferences = (fields: { isInArray?: boolean | undefined }) =>
  `Write a question and its better and its worse answer in fields of their own. Where they are fields already, put their names in place of ASKED, BETTER and WORSE: jq -c '${eachOf(fields)}{prompt: ."ASKED", chosen: ."BETTER", rejected: ."WORSE"}' FILE > fixed.jsonl`;

/** Where no two fields are there to choose from. */
const WRITE_BOTH =
  'Write what is asked and what is answered in fields of their own: {"question": "…", "answer": "…"}. A dialogue may stay in one text by a template of docs/data-forms.md, such as "User: …" and below it "Assistant: …".';
