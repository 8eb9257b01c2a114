/** Who speaks when: the user first, the assistant last, in turns, and a few pairs of them. */
import { RECOMMENDED_PAIRS } from '../../limits.ts';
import type { Reporter } from '../../lines/reporter.ts';
import type { LengthSummary } from '../../statistics.ts';
import { createLengthTally } from '../../tallies/lengths.ts';
import type { ChatMessage } from './messages.ts';

export interface TurnCheck {
  check(messages: readonly ChatMessage[]): void;
  /** Counts a conversation of so many messages that are known to be in turns, the last one being an answer. */
  addSound(messages: number): void;
  /** The pairs of a user's message and the assistant's answer in a conversation. */
  pairs(): LengthSummary;
}

/** Makes the check of one data set. */
export function createTurnCheck(report: Reporter): TurnCheck {
  const tally = createLengthTally();

  function checkPairs(messages: readonly ChatMessage[]): void {
    let pairs = 0;
    messages.forEach(({ author }, index) => {
      if (author === 'assistant' && messages[index - 1]?.author === 'user') pairs += 1;
    });
    tally.add(pairs);
    if (pairs < RECOMMENDED_PAIRS.min || pairs > RECOMMENDED_PAIRS.max) {
      report('pairs_not_recommended', { pairs }, { path: 'messages' });
    }
  }

  return {
    check(messages) {
      const last = messages.length - 1;
      if (messages[0]?.author !== 'user') report('first_author_not_user', {}, { path: 'messages[0].author' });
      if (messages[last]?.author !== 'assistant') {
        report('last_author_not_assistant', {}, { path: `messages[${last}].author` });
      }
      const repeated = messages.findIndex(({ author }, index) => author === messages[index - 1]?.author);
      if (repeated > 0) {
        const author = messages[repeated]?.author ?? 'user';
        report('authors_not_alternating', { author }, { path: `messages[${repeated}].author` });
      }
      checkPairs(messages);
    },
    addSound: (messages) => tally.add(messages / 2),
    pairs: tally.summary,
  };
}
