import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import type { Run } from '../../../shared/core/run/run.ts';
import { isTerminal } from '../../../shared/core/run/states.ts';

/** What the page may do, each an upload into the inbox as anybody could make it. */
export interface PageActions {
  /** Asks for the end of the runs of a run's manifest. */
  cancel: (run: Run) => Promise<void>;
  /** Puts a file into the inbox. */
  upload: (name: string, body: Readable) => Promise<void>;
}

export interface ActionAnswer {
  status: number;
  sentence: string;
}

/** The page has it in its head, where no page of another origin can read it; a header of this name no form can send. */
export const TOKEN_HEADER = 'x-tunedrop-token';

const NO_TOKEN = {
  status: 403,
  sentence: 'Only the page itself may do this, and its token is missing or old: load the page again.',
};

/** Does what a request other than GET asks for; undefined where there is no such thing to do. */
export async function act(
  request: IncomingMessage,
  { actions, token, runs }: { actions: PageActions; token: string; runs: readonly Run[] },
): Promise<ActionAnswer | undefined> {
  const { method, url = '' } = request;
  const [, runId] = (method === 'POST' && /^\/runs\/([\w-]+)\/cancel$/.exec(url)) || [];
  const [, path] = (method === 'PUT' && /^\/inbox\/([^?#]+)$/.exec(url)) || [];
  if (runId === undefined && path === undefined) return undefined;
  if (!isToken(request.headers[TOKEN_HEADER], token)) return NO_TOKEN;
  if (path !== undefined) return uploadTo(path, request, actions);
  const run = runs.find((one) => one.runId === runId);
  return run ? cancel(run, actions) : { status: 404, sentence: 'There is no such run.' };
}

function isToken(given: unknown, token: string): boolean {
  const [a, b] = [Buffer.from(String(given)), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
}

async function cancel(run: Run, actions: PageActions): Promise<ActionAnswer> {
  if (isTerminal(run.status.state)) return { status: 409, sentence: 'The run has ended already.' };
  await actions.cancel(run);
  return { status: 202, sentence: 'The cancel is uploaded.' };
}

async function uploadTo(path: string, body: Readable, actions: PageActions): Promise<ActionAnswer> {
  const name = objectNameIn(path);
  if (name === undefined) return { status: 400, sentence: 'The inbox takes no file of this name.' };
  await actions.upload(name, body);
  return { status: 201, sentence: `${name} is uploaded.` };
}

/** The name of an object, of the encoded path of a request; undefined where no file of a folder has such a name. */
function objectNameIn(path: string): string | undefined {
  const name = decoded(path);
  const isName = name?.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
  return isName && !/[\\\p{Cc}]/u.test(name ?? '') && Buffer.byteLength(name ?? '') <= 1024
    ? name
    : undefined;
}

function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
