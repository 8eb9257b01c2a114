import { TuneError } from '../errors/errors.ts';
import { namedIn } from '../errors/named.ts';
import { BY_ITSELF, findCause } from './causes.ts';

/** An answer of Vertex AI that is no success: `{"error": {"code", "message", "status"}}`, or no answer at all. */
export interface GoogleError {
  /** HTTP status; undefined when the connection broke before an answer. */
  httpStatus: number | undefined;
  message: string;
  /** The canonical code, such as `RESOURCE_EXHAUSTED`. */
  status?: string | undefined;
  /** `error.details`, as Google sends them: https://cloud.google.com/apis/design/errors#error_info. */
  details?: unknown;
  /** What the client threw. */
  cause?: unknown;
}

/** What of an ErrorInfo says more than the message: the rest is for programs. */
const TOLD = ['permission', 'resource', 'service'];

/** The reason, permission, resource and service that the details name and the message does not; empty where there are none. */
function detailsInWords(details: unknown, message: string): string {
  const infos = Array.isArray(details) ? (details as { reason?: unknown; metadata?: unknown }[]) : [];
  const named = infos.flatMap(({ reason, metadata }) => [
    ...(typeof reason === 'string' ? [['reason', reason]] : []),
    ...Object.entries((metadata ?? {}) as object).filter(([key]) => TOLD.includes(key)),
  ]);
  const told = named.filter(([, value]) => typeof value === 'string' && !message.includes(value));
  return told.length > 0 ? ` (${told.map(([key, value]) => `${key}: ${value}`).join(', ')})` : '';
}

/** On one line, and with one full stop at its end: words follow it. Lists of Google's come with tabs and line feeds. */
function asSentence(message: string): string {
  const line = message.replace(/\s+/g, ' ').trim();
  return /[.!?]$/.test(line) ? line : `${line}.`;
}

/** The TuneError that an answer of Vertex AI stands for. No answer at all is ambiguous: it may have taken effect. */
export function classifyGoogleError(
  { httpStatus, message: words, status, details, cause: thrown }: GoogleError,
  doing: string,
): TuneError {
  const message = `${words}${detailsInWords(details, words)}`;
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
  const facts = { named: namedIn(message) };
  const remedy = whileWaiting?.(facts) ?? cause.remedy(facts);
  return new TuneError(kind, said, { reason, remedy, httpStatus, cause: thrown });
}
