/** What is written beside an answer to say that it is a good one, or a bad one. */
const PAIRS: readonly (readonly [good: string, bad: string])[] = [
  ...([
    ['1', '0'],
    ['1', '-1'],
    ['true', 'false'],
    ['good', 'bad'],
    ['desirable', 'undesirable'],
    ['chosen', 'rejected'],
    ['accepted', 'rejected'],
    ['accept', 'reject'],
  ] as const),
  ...([
    ['thumbs_up', 'thumbs_down'],
    ['thumbsup', 'thumbsdown'],
    ['thumb_up', 'thumb_down'],
    ['upvote', 'downvote'],
    ['up', 'down'],
    ['like', 'dislike'],
    ['👍', '👎'],
  ] as const),
  ...([
    ['correct', 'incorrect'],
    ['helpful', 'unhelpful'],
    ['pass', 'fail'],
    ['preferred', 'rejected'],
  ] as const),
  ...([
    ['approved', 'rejected'],
    ['approve', 'reject'],
    ['approved', 'declined'],
    ['accepted', 'declined'],
    ['yes', 'no'],
    ['valid', 'invalid'],
    ['right', 'wrong'],
    ['passed', 'failed'],
    ['success', 'failure'],
    ['success', 'failed'],
    ['keep', 'discard'],
    ['active', 'deleted'],
  ] as const),
];

/** Of these pairs a field may speak that is called like no judgement: the others are words of everything. */
const OF_ANY_FIELD: ReadonlySet<string> = new Set([
  ...['good', 'bad', 'desirable', 'undesirable', 'chosen', 'rejected', 'accepted', 'accept', 'reject'],
  ...['thumbs_up', 'thumbs_down', 'thumbsup', 'thumbsdown', 'thumb_up', 'thumb_down', 'upvote', 'downvote'],
  ...['👍', '👎', 'correct', 'incorrect', 'helpful', 'unhelpful', 'pass', 'fail', 'approved', 'declined'],
  ...['approve', 'passed', 'failed', 'discard'],
]);

/** What is written where nobody has judged, or nobody could. */
const UNDECIDED: ReadonlySet<string> = new Set([
  ...['', 'ignore', 'ignored', 'skip', 'skipped', 'pending', 'neutral', 'none', 'null', 'unknown', 'unsure'],
  ...['n/a', 'open', 'new', 'draft', 'todo', 'submitted', 'in_review', 'unreviewed'],
]);

const squeezed = (value: unknown) =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
        .trim()
        .toLowerCase()
        .replaceAll(/[\s-]+(?=\D)/g, '_')
    : undefined;

/** What a value may say of an answer, in the word of the table; undefined where it says nothing. */
export function answerMarkOf(value: unknown): string | undefined {
  const word = squeezed(value);
  return word !== undefined && PAIRS.some((pair) => pair.includes(word)) ? word : undefined;
}

/** Whether a value says of an answer that it is good or bad, in whatever field it stands. */
export function isPlainMark(value: unknown): boolean {
  return typeof value === 'string' && value.length <= LONGEST_MARK && OF_ANY_FIELD.has(squeezed(value) ?? '');
}

const LONGEST_MARK = 20;

/** Whether a value says that nothing was decided. */
export const isUndecided = (value: unknown): boolean => UNDECIDED.has(squeezed(value) ?? '-');

/** Which of two words is the good one; undefined where they are no such pair. */
export function goodOf(one: string, other: string): string | undefined {
  return PAIRS.find((pair) => pair.includes(one) && pair.includes(other) && one !== other)?.[0];
}

/** What the file says of how many answers. */
export interface JudgedAnswers {
  field: string;
  /** As they are written, in JSON. */
  good: string;
  bad: string;
  goodCount: number;
  badCount: number;
}

/** What leaves the good ones alone. */
export function remedyOfJudged({ field, good, bad }: JudgedAnswers): string {
  return `If ${good} marks the good answers, keep them alone: jq -c 'if type == "array" then .[] else . end | select(."${field}" == ${good}) | del(."${field}")' FILE > fixed.jsonl. If ${bad} does, put that in place of ${good}. If "${field}" says something else, leave "select(…) | " out of the command. In a table remove the rows, and then the column.`;
}
