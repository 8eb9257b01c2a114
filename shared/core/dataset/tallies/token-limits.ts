import type { Severity } from '../../issues/issue.ts';
import type { DatasetLimits } from '../limits.ts';
import type { Reporter } from '../lines/reporter.ts';
import type { TokenInterval } from '../statistics.ts';
import { estimateLongText, estimateTokens } from './tokens.ts';

export interface LimitedText {
  text: string;
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
}

export interface TokenCheckOptions {
  limits: TokenLimits;
  /** The severity of a text that is over its limit by the low end of the estimate. */
  overflow: Severity;
}

/** Makes the check. */
export function createTokenCheck(report: Reporter, { limits, overflow }: TokenCheckOptions): TokenCheck {
  let exceeded = 0;

  return {
    limits,
    get exceeded() {
      return exceeded;
    },
    check({ text, bytes, limit, what, path }) {
      if (bytes <= limit) return estimateTokens(bytes, text.length);
      const tokens = estimateLongText(text, bytes);
      const fields = { ...tokens, limit, what };
      if (tokens.low > limit) {
        exceeded += 1;
        report('token_limit_exceeded', fields, { path, severity: overflow });
      } else if (tokens.high > limit) report('token_limit_uncertain', fields, { path });
      return tokens;
    },
  };
}
