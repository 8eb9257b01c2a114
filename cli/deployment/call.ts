import { setTimeout as wait } from 'node:timers/promises';

/** A call of one of Google's REST APIs, or of its stand-in. */
export interface ApiCall {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Absolute. */
  url: string;
  headers?: Record<string, string>;
  /** An object becomes JSON. */
  body?: object | Uint8Array<ArrayBuffer> | undefined;
  /** What is being done, for messages: "reading the run". */
  doing: string;
  /** Statuses besides those of success that the caller understands. */
  accepts?: readonly number[];
  /** Whether the same call may be made again when its answer was lost. */
  isRepeatable?: boolean;
}

export type CallApi = (call: ApiCall) => Promise<Response>;

/** What a service refused, or that it did not answer; the message is for people. */
export class CallFailed extends Error {
  /** Undefined where there was no answer. */
  readonly httpStatus: number | undefined;
  /** Google's word, such as `FAILED_PRECONDITION`; empty where there is none. */
  readonly status: string;
  constructor(
    message: string,
    { httpStatus, status = '' }: { httpStatus?: number | undefined; status?: string } = {},
  ) {
    super(message);
    this.name = 'CallFailed';
    this.httpStatus = httpStatus;
    this.status = status;
  }
}

/** The headers that say who calls, for one address. */
export type Credentials = (url: string) => Promise<Record<string, string>>;

const DEADLINE_MS = 60_000;
const TRIES = 3;
const PAUSE_MS = 500;
const PASSES: readonly number[] = [429, 500, 502, 503, 504];

/** Calls with credentials. Reads are tried again where the answer was lost or is one that passes. */
export function createCall(credentials: Credentials): CallApi {
  const once = async ({ method = 'GET', url, headers, body, doing, accepts = [] }: ApiCall) => {
    const isJson = body !== undefined && !(body instanceof Uint8Array);
    const own = { ...(await credentials(url)), ...headers };
    const response = await fetch(url, {
      method,
      headers: isJson ? { 'content-type': 'application/json', ...own } : own,
      body: isJson ? JSON.stringify(body) : (body ?? null),
      redirect: 'manual',
      signal: AbortSignal.timeout(DEADLINE_MS),
    }).catch((error: unknown) => {
      throw new CallFailed(`${hostOf(url)} does not answer (${doing}): ${reasonOf(error)}.`);
    });
    if (response.ok || accepts.includes(response.status)) return response;
    throw await refusal(response, { url, doing });
  };
  return async (call) => {
    const { method = 'GET', isRepeatable = method === 'GET' } = call;
    for (let tried = 1; ; tried++) {
      try {
        return await once(call);
      } catch (error) {
        if (!isRepeatable || tried === TRIES || !passes(error)) throw error;
        await wait(PAUSE_MS * 2 ** (tried - 1));
      }
    }
  };
}

const passes = (error: unknown) =>
  error instanceof CallFailed && (error.httpStatus === undefined || PASSES.includes(error.httpStatus));

/** What Google's services write where they refuse; a stream of answers has it in a list. */
interface Refusal {
  error?: { message?: string; status?: string };
}

async function refusal(
  response: Response,
  { url, doing }: { url: string; doing: string },
): Promise<CallFailed> {
  const text = await response.text().catch(() => '');
  const { message = text.slice(0, 300).trim(), status = '' } = errorIn(text);
  const said = message === '' ? '' : `: ${message}`;
  const { status: httpStatus } = response;
  return new CallFailed(
    `${hostOf(url)} answered ${httpStatus} (${doing})${said.replace(/\.?$/, '.')}${adviceOn(httpStatus)}`,
    { httpStatus, status },
  );
}

function errorIn(text: string): NonNullable<Refusal['error']> {
  try {
    const answer = JSON.parse(text) as Refusal | Refusal[];
    return (Array.isArray(answer) ? answer[0] : answer)?.error ?? {};
  } catch {
    return {};
  }
}

const ADVICE: Readonly<Record<number, string>> = {
  401: ' Log in: gcloud auth application-default login',
  403: ' Your account needs to be let in: reader_members and uploader_members in docs/operations.md.',
};
const adviceOn = (httpStatus: number) => ADVICE[httpStatus] ?? '';

const hostOf = (url: string) => new URL(url).host;

/** The cause has what happened: `fetch failed` alone says nothing. */
function reasonOf(error: unknown): string {
  const { cause, message } = error as { cause?: { code?: string; message?: string }; message?: string };
  return cause?.code ?? cause?.message ?? message ?? String(error);
}
