import { type CallApi, CallFailed } from '../deployment/call.ts';
import type { FoundDeployment } from '../deployment/find.ts';

/** What came of a read: what it says, that there is no such thing, or why nobody could look. */
export type GoogleAnswer<T> =
  | { kind: 'seen'; value: T }
  | { kind: 'absent' }
  | { kind: 'refused'; why: string };

/** cloud.google.com/iam/docs/reference/rest/v1/Policy */
export interface Policy {
  bindings?: { role: string; members?: string[]; condition?: { expression?: string } }[];
}

export interface GoogleRead {
  method?: 'GET' | 'POST';
  /** `storage.googleapis.com` */
  host: string;
  /** Behind the host, without a slash before it. */
  path: string;
  body?: object;
}

export type ReadGoogle = <T>(read: GoogleRead) => Promise<GoogleAnswer<T>>;

const NO_STAND_IN =
  'Beside these emulators nothing stands in for Google’s administration of projects, so there is nothing to look at. Name a deployment in Google Cloud with --project, or start the embedded cloud with npm start.';

/** Reads settings of a project over REST. Refusals are answers; only who is not logged in gets no answer at all. */
export function createReadGoogle(call: CallApi, { local }: FoundDeployment): ReadGoogle {
  if (local?.administration === '') throw new Error(NO_STAND_IN);
  const originOf = (host: string) => {
    if (local === undefined) return `https://${host}`;
    return host.endsWith('-aiplatform.googleapis.com') ? local.vertex : `${local.administration}/${host}`;
  };
  return async <T>({ method = 'GET', host, path, body }: GoogleRead): Promise<GoogleAnswer<T>> => {
    try {
      const response = await call({
        ...{ method, url: `${originOf(host)}/${path}`, doing: `reading ${path.split('?')[0]}` },
        body: body ?? (method === 'POST' ? {} : undefined),
        accepts: [403, 404],
        isRepeatable: true,
      });
      if (response.status === 404) return { kind: 'absent' };
      if (response.status === 403) return { kind: 'refused', why: await reasonIn(response) };
      return { kind: 'seen', value: (await response.json()) as T };
    } catch (error) {
      if (!(error instanceof CallFailed) || error.httpStatus === 401) throw error;
      return { kind: 'refused', why: error.message };
    }
  };
}

/** Google's own words, of which the first sentence says enough. */
async function reasonIn(response: Response): Promise<string> {
  const { error } = (await response.json().catch(() => ({}))) as { error?: { message?: string } };
  const [sentence] = (error?.message ?? 'Google does not say why').split(/(?<=\.) /);
  return `${sentence?.replace(/\.?$/, '.')}`;
}

/** The same answer, of which something is made where there is one. */
export function mapAnswer<T, U>(answer: GoogleAnswer<T>, make: (value: T) => U): GoogleAnswer<U> {
  return answer.kind === 'seen' ? { kind: 'seen', value: make(answer.value) } : answer;
}
