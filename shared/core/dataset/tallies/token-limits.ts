import type { Severity } from '../../issues/issue.ts';
import type { DatasetLimits } from '../limits.ts';
import type { Reporter } from '../lines/reporter.ts';
import type { TokenInterval } from '../statistics.ts';
import { countUnusual, estimateTokens, estimateUnusual, type Unusual } from './tokens.ts';

export interface LimitedText extends LimitedSize {
  text: string;
}

/** A text that was measured. */
export interface LimitedSize {
  /** In UTF-8. */
  bytes: number;
  limit: number;
  /** What is counted, as the sentence names it. */
  what: string;
  path: string;
}

export type TokenLimits = Pick<DatasetLimits, 'maxInputTokens' | 'maxOutputTokens'>;

/** Holds texts against token limits: proves most by their bytes, estimates the rest. */
export interface TokenCheck {
  limits: TokenLimits;
  /** Texts that were surely over their limit so far. */
  readonly exceeded: number;
  /** The interval of a text, after reporting one that is or may be over its limit. */
  check(limited: LimitedText): TokenInterval;
  /** The same of a text of so many UTF-16 units, whose unusual characters are counted where its bytes do not prove the limit. */
  checkMeasured(limited: LimitedSize, units: number, countUnusual: () => Unusual): TokenInterval;
}

export interface TokenCheckOptions {
  limits: TokenLimits;
  /** The severity of a text that is over its limit by the low end of the estimate. */
  overflow: Severity;
}

/** Makes the check. */
export function createTokenCheck(report: Reporter, { limits, overflow }: TokenCheckOptions): TokenCheck {
  let exceeded = 0;

  function checkMeasured(
    { bytes, limit, what, path }: LimitedSize,
    units: number,
    countUnusual: () => Unusual,
  ): TokenInterval {
    if (bytes <= limit) return estimateTokens(bytes, units);
    const tokens = estimateUnusual(bytes, units, countUnusual());
    const fields = { ...tokens, limit, what };
    if (tokens.low > limit) {
      exceeded += 1;
      report('token_limit_exceeded', fields, { path, severity: overflow });
    } else if (tokens.high > limit) report('token_limit_uncertain', fields, { path });
    return tokens;
  }

  return {
    limits,
    get exceeded() {
      return exceeded;
    },
    checkMeasured,
    check: (limited) => checkMeasured(limited, limited.text.length, () => countUnusual(limited.text)),
  };
}
