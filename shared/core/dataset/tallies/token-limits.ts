import type { Severity } from '../../issues/issue.ts';
import type { Report } from '../lines/reporter.ts';
import { estimateLongText, estimateTokens, type TokenInterval } from './tokens.ts';

export interface LimitedText {
  text: string;
  bytes: number;
  limit: number;
  /** What is counted, as the sentence names it. */
  what: string;
  path: string;
}

/** Holds texts against token limits: proves most by their bytes, estimates the rest. */
export interface TokenCheck {
  /** The interval of a text, after reporting one that is or may be over its limit. */
  check(limited: LimitedText): TokenInterval;
}

/** Makes the check; `overflow` is the severity of a text that is over its limit by the low end of the estimate. */
export function createTokenCheck(report: Report, overflow: Severity): TokenCheck {
  return {
    check({ text, bytes, limit, what, path }) {
      if (bytes <= limit) return estimateTokens(bytes, text.length);
      const tokens = estimateLongText(text, bytes);
      const fields = { ...tokens, limit, what };
      if (tokens.low > limit) report('token_limit_exceeded', fields, { path, severity: overflow });
      else if (tokens.high > limit) report('token_limit_uncertain', fields, { path });
      return tokens;
    },
  };
}
