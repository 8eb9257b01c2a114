import { SCRIPTS } from '../../models/tokenizers.ts';
import type { CountedPart } from '../statistics.ts';
import { createSampledTotal, type SampledTotal } from '../tokens/sampled-total.ts';
import { TEXT_KINDS } from '../tokens/text-look.ts';
import type { TokenCounter } from '../tokens/token-counter.ts';

/** The tokens of the inputs or of the outputs: of all of them, and of each script that was seen. */
export interface PartTotals {
  /** A text, counted or not. */
  predict(kind: number, guess: number): void;
  /** Of the text that was predicted last, that the counter has just counted it. */
  counted(kind: number, guess: number, counted: { tokens: number; weight: number; slack: number }): void;
  summary(): CountedPart;
}

/** Makes the totals of nothing; `byScript` is the counter's, from which tokens are taken. */
export function createPartTotals({ byScript }: TokenCounter): PartTotals {
  const total = createSampledTotal();
  const scripts: (SampledTotal | undefined)[] = SCRIPTS.map(() => undefined);
  /** Guesses by kind that no total has yet: what is expected of a kind changes only where one of it is counted. */
  const pending = new Float64Array(TEXT_KINDS);

  function predictPending(kind: number): void {
    const guess = pending[kind] as number;
    total.predict(kind, guess);
    for (let at = 0; at < SCRIPTS.length; at++) scripts[at]?.predict(kind, guess);
    pending[kind] = 0;
  }

  return {
    predict(kind, guess) {
      pending[kind] = (pending[kind] as number) + guess;
    },
    counted(kind, guess, counted) {
      predictPending(kind);
      total.counted(kind, guess, counted);
      for (let at = 0; at < SCRIPTS.length; at++) {
        const tokens = byScript[at + 1] as number;
        byScript[at + 1] = 0;
        if (tokens > 0) scripts[at] ??= createSampledTotal(0);
        const slack = tokens > 0 ? counted.slack : 0;
        scripts[at]?.counted(kind, guess, { tokens, slack, weight: counted.weight });
      }
    },
    summary() {
      for (let kind = 0; kind < TEXT_KINDS; kind++) predictPending(kind);
      const found = SCRIPTS.flatMap((script, at) => {
        const ofScript = scripts[at];
        return ofScript === undefined ? [] : [[script, ofScript.estimate()] as const];
      });
      const all = total.estimate();
      return found.length === 0 ? all : { ...all, byScript: Object.fromEntries(found) };
    },
  };
}
