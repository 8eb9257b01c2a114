import { expect, test } from 'vitest';
import { readMarked, seemsMarked } from '../../shared/core/dataset/forms/templates.ts';
import { cpuMillisecondsOf } from '../support/cpu-time.ts';

test.each([' ', '\n', '<s>', '</s>', '"', '`', '```\n', '\nUser: a', '\nUser: a\nAssistant: b'])(
  'a long run of %j within a dialogue holds up nobody',
  (piece) => {
    const read = (length: number) => {
      const count = Math.round(length / piece.length);
      const text = `User: a${piece.repeat(count)}x\nAssistant: b${piece.repeat(count)}`;
      seemsMarked(text, 'text_user_assistant');
      readMarked(text, 'text_user_assistant');
    };
    // Squared it would be minutes.
    expect(cpuMillisecondsOf(() => read(600_000))).toBeLessThan(2000);
  },
);
