import { atFirstPlace, counted, type FirstPlace } from './dataset-words.ts';

/** What can be wrong with calls of functions, their results, and answers that were logged. */
export const CALL_ISSUES = {
  call_result_unknown: {
    severity: 'error',
    title: 'The result of a function is of no call',
    why: 'A result says by an id which call it answers. Where no call before it has that id, or that call has its result already, nobody can say which function the result is of; it is never guessed.',
    text: (fields: Waiting) => ({
      found: `a result whose id is of no call that waits for one; ${waiting(fields)}`,
      expected: 'the id of a call before it that has no result yet',
      remedy:
        'Write the id of its call in the result (tool_call_id, or tool_use_id), each id once; or name the function in it ("name"), or remove the example.',
    }),
  },
  call_unanswered: {
    severity: 'advice',
    title: 'Calls of functions have no result',
    why: 'The conversation goes on behind a call without saying what the function gave. The model learns to go on as if it knew. At the end of an example a call has none, which is right.',
    text: (fields: FirstPlace & { examples: number }) => ({
      found: `${counted(fields.examples, 'example')} with a call in the middle that has no result, first ${atFirstPlace(fields)}`,
      expected: 'a result behind each call, but for those that end an example',
      remedy: 'Add the results, end the example with the call, or leave it as it is where nothing was given.',
    }),
  },
  answer_cut: {
    severity: 'advice',
    title: 'Logged answers were cut at the limit of tokens',
    why: 'A log says how an answer ended. Where it ended at the limit of tokens (MAX_TOKENS, length), it stops in the middle, and the model learns to stop there, too.',
    text: (fields: FirstPlace & { examples: number }) => ({
      found: `${counted(fields.examples, 'answer')} that ended at the limit of tokens, first ${atFirstPlace(fields)}`,
      expected: 'answers that the model ended itself',
      remedy: 'Remove these examples, or write their answers to the end.',
    }),
  },
} as const;

/** How many calls wait for a result, and where the first of them are. */
interface Waiting {
  open: number;
  first: readonly string[];
}

function waiting({ open, first }: Waiting): string {
  if (open === 0) return 'none waits for one';
  const more = open - first.length;
  return `waiting: ${first.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
