import { expect, test } from 'vitest';
import { readMarked, seemsMarked } from '../../shared/core/dataset/forms/templates.ts';
import { cpuMillisecondsOf } from '../support/cpu-time.ts';

test.each([' ', '\n', '<s>', '</s>', '"', '`', '```\n', 'User: '])(
  'a long run of %j within a dialogue holds up nobody',
  (piece) => {
    const read = (count: number) => {
      const text = `User: a${piece.repeat(count)}x\nAssistant: b${piece.repeat(count)}`;
      seemsMarked(text, 'text_user_assistant');
      readMarked(text, 'text_user_assistant');
    };
    // Squared it would be minutes.
    expect(cpuMillisecondsOf(() => read(200_000))).toBeLessThan(2000);
  },
);
