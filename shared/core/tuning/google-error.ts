import { TuneError } from '../errors/errors.ts';
import { BY_ITSELF, findCause } from './causes.ts';

/** An answer of Vertex AI that is no success: `{"error": {"code", "message", "status"}}`, or no answer at all. */
export interface GoogleError {
  /** HTTP status; undefined when the connection broke before an answer. */
  httpStatus: number | undefined;
  message: string;
  /** The canonical code, such as `RESOURCE_EXHAUSTED`. */
  status?: string | undefined;
  /** What the client threw. */
  cause?: unknown;
}

/** On one line, and with one full stop at its end: words follow it. Lists of Google's come with tabs and line feeds. */
function asSentence(message: string): string {
  const line = message.replace(/\s+/g, ' ').trim();
  return /[.!?]$/.test(line) ? line : `${line}.`;
}

/** The TuneError that an answer of Vertex AI stands for. No answer at all is ambiguous: it may have taken effect. */
export function classifyGoogleError(
  { httpStatus, message, status, cause: thrown }: GoogleError,
  doing: string,
): TuneError {
  const answer = httpStatus === undefined ? 'no answer' : `${httpStatus}`;
  const said = `Vertex AI answered ${doing} with ${answer}: ${asSentence(message.slice(0, 2_000))}`;
  const cause = findCause({ httpStatus, message, code: status });
  if (!cause) {
    const isLost = httpStatus === undefined || httpStatus >= 500;
    const remedy = isLost ? BY_ITSELF : undefined;
    const kind = isLost ? 'ambiguous' : 'permanent';
    return new TuneError(kind, said, { reason: 'VertexUnavailable', remedy, httpStatus, cause: thrown });
  }
  const { kind, reason, whileWaiting } = cause;
  const remedy = whileWaiting ?? cause.remedy({});
  return new TuneError(kind, said, { reason, remedy, httpStatus, cause: thrown });
}
