import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { refuseForeign } from '../../../local/loopback-guard.ts';
import {
  compareWithRows,
  type LinesOf,
  type RunPair,
} from '../../../shared/core/comparison/compared-runs.ts';
import { earlierRuns } from '../../../shared/core/comparison/earlier-runs.ts';
import type { Scored } from '../../../shared/core/evaluation/answers.ts';
import { type Html, html, trusted } from '../../../shared/core/report/html.ts';
import { type PageOptions, pageOf } from '../../../shared/core/report/page.ts';
import { renderReport } from '../../../shared/core/report/report.ts';
import { withRunLinks } from '../../../shared/core/report/run-links.ts';
import type { Run } from '../../../shared/core/run/run.ts';
import { isTerminal } from '../../../shared/core/run/states.ts';
import type { MetricSeries } from '../../../shared/core/tuning/metrics.ts';
import type { RunProgress } from '../../../shared/core/tuning/run-progress.ts';
import { act, type PageActions, TOKEN_HEADER } from './actions.ts';
import { comparePath, renderComparison } from './compare.ts';
import { COMMON_HEADERS, pageHeaders } from './headers.ts';
import { renderRunList } from './list.ts';
import { type LogLine, renderRunLog } from './log.ts';
import { findRuns, readListQuery } from './query.ts';
import { LIVE_SCRIPT } from './script.ts';

export interface LivePageInput {
  /** 0 takes any free port. */
  port: number;
  /** Every run, in any order. */
  runs: () => Run[];
  seriesOf: (runId: string) => Promise<MetricSeries[]>;
  progressOf: (runId: string) => Promise<RunProgress | undefined>;
  logOf: (runId: string) => Promise<LogLine[]>;
  actions: PageActions;
  /** What the model of a run answered to its evaluation data. */
  answersOf: (run: Run) => Promise<Scored[]>;
  /** The lines of a copy of somebody's data, or why they cannot be had. */
  linesOf: LinesOf;
  /** Calls `onChange` whenever a run or what lies below it changed, until the returned function is called. */
  subscribe: (onChange: () => void) => () => void;
}

/** The live page: what it shows comes from memory and from the one log; no request chooses a file of this machine. */
export interface LivePage {
  readonly url: string;
  close(): Promise<void>;
}

const LOOPBACK = '127.0.0.1';

/** Serves the live page to this machine alone. */
export async function startLivePage(input: LivePageInput): Promise<LivePage> {
  const listeners = new Set<ServerResponse>();
  const token = randomBytes(32).toString('base64url');
  const server = createServer((request, response) => {
    if (refuseForeign(request, response)) return;
    const answer = route(request, response, { input, listeners, token });
    Promise.resolve(answer).catch(() =>
      sayText(response, 500, 'This page could not be made. Load it again.'),
    );
  });
  server.listen(input.port, LOOPBACK);
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : input.port;
  const unsubscribe = input.subscribe(() => {
    for (const listener of listeners) listener.write('data: changed\n\n');
  });
  return {
    url: `http://${LOOPBACK}:${port}/`,
    async close() {
      unsubscribe();
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** A curve that falls, on a sheet. */
const ICON = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="3" fill="#0a58ca"/><path d="M3 3c1 7 4 9 10 9.5" fill="none" stroke="#fff" stroke-width="2" stroke-linecap="round"/></svg>',
)}`;

interface Serving {
  input: LivePageInput;
  /** Open pages. */
  listeners: Set<ServerResponse>;
  /** Known to the pages of this server alone: without it nothing is done. */
  token: string;
}

function route(request: IncomingMessage, response: ServerResponse, serving: Serving) {
  if (request.method !== 'GET') return sendDone(request, response, serving);
  const { input, listeners, token } = serving;
  const [path, search] = (request.url ?? '').split('?');
  if (path === '/') return sendList(response, new URLSearchParams(search), { input, token });
  if (path === '/events') return listen(response, listeners);
  const [, runId, log, laterId] = /^\/runs\/([\w-]+)(?:(\/log)|\/compare\/([\w-]+))?$/.exec(path ?? '') ?? [];
  const run = runIn(input, runId);
  if (run === undefined) return sendMissing(response);
  if (laterId !== undefined) {
    const later = runIn(input, laterId);
    return later
      ? sendComparison(response, { before: run, after: later }, { input, token })
      : sendMissing(response);
  }
  return (log === undefined ? sendReport : sendLog)(response, run, { input, token });
}

const runIn = ({ runs }: LivePageInput, runId: string | undefined) =>
  runs().find((one) => one.runId === runId);

/** The page shows by itself what came of it. */
async function sendDone(
  request: IncomingMessage,
  response: ServerResponse,
  { input, token }: Serving,
): Promise<void> {
  const done = await act(request, { actions: input.actions, token, runs: input.runs() });
  if (done === undefined) {
    return sayText(response.setHeader('allow', 'GET'), 405, 'There is nothing of this kind to do here.');
  }
  // What was not read would be taken for the next request.
  if (!request.complete) response.setHeader('connection', 'close');
  sayText(response, done.status, done.sentence);
}

async function sendList(
  response: ServerResponse,
  search: URLSearchParams,
  { input, token }: Served,
): Promise<void> {
  const query = readListQuery(search);
  const { found, total } = findRuns(input.runs(), query);
  const listed = await Promise.all(found.map(async (run) => ({ run, ...(await readBeside(run, input)) })));
  const { nonce, frame } = liveFrame(html`<span>tunedrop on this machine</span>`, { token, actions: DROP });
  response.writeHead(200, pageHeaders(nonce)).end(renderRunList(listed, { query, total, frame }));
}

type Served = Pick<Serving, 'input' | 'token'>;

async function sendReport(response: ServerResponse, run: Run, { input, token }: Served): Promise<void> {
  const [beside, answers] = await Promise.all([readBeside(run, input), input.answersOf(run).catch(() => [])]);
  const way = html`<a href="/">All runs</a> · <a href="/runs/${run.runId}/log">Log</a>${compareLink(run, input)}`;
  const { nonce, frame } = liveFrame(way, { token, actions: cancelButton(run) });
  response.writeHead(200, pageHeaders(nonce)).end(
    renderReport({
      ...{ run, ...beside, answers, frame, inWords: withRunLinks },
      earlier: input.runs(),
      compareWith: (earlier) => comparePath(earlier, run.runId),
    }),
  );
}

/** The other runs, the newest first. */
function newestBeside(pair: readonly Run[], { runs }: LivePageInput): Run[] {
  return runs()
    .filter(({ runId }) => pair.every((one) => one.runId !== runId))
    .sort((one, other) => other.status.createTime.localeCompare(one.status.createTime));
}

/** To the run before of the same manifest, else to the newest; from there any other can be chosen. */
function compareLink(run: Run, input: LivePageInput): Html | undefined {
  const others = newestBeside([run], input);
  const [before] = earlierRuns(run, others);
  const runId = before?.runId ?? others[0]?.runId;
  return runId === undefined ? undefined : html` · <a href="${comparePath(runId, run.runId)}">Compare</a>`;
}

/** So many other runs are offered to be compared. */
const MOST_OFFERED = 20;

async function sendComparison(
  response: ServerResponse,
  pair: RunPair,
  { input, token }: Served,
): Promise<void> {
  const { before, after } = pair;
  const [compared, earlier, later] = await Promise.all([
    compareWithRows(pair, input.linesOf),
    readBeside(before, input),
    readBeside(after, input),
  ]);
  const others = newestBeside([before, after], input).slice(0, MOST_OFFERED);
  const way = html`<a href="/">All runs</a> · <a href="/runs/${before.runId}">Before</a> · <a href="/runs/${after.runId}">After</a>`;
  const { nonce, frame } = liveFrame(way, { token, actions: undefined });
  const series = { before: earlier.series, after: later.series };
  response.writeHead(200, pageHeaders(nonce)).end(renderComparison({ compared, series, others, frame }));
}

async function sendLog(response: ServerResponse, run: Run, { input, token }: Served): Promise<void> {
  const way = html`<a href="/">All runs</a> · <a href="/runs/${run.runId}">The run</a>`;
  const { nonce, frame } = liveFrame(way, { token, actions: cancelButton(run) });
  const lines = await input.logOf(run.runId);
  response.writeHead(200, pageHeaders(nonce)).end(renderRunLog(run, lines, frame));
}

/** Where there is something to cancel. */
function cancelButton({ runId, status }: Run): Html | undefined {
  if (isTerminal(status.state)) return undefined;
  if (status.cancelRequested) return html` · <span>Cancel asked for</span>`;
  return html` · <button data-cancel="/runs/${runId}/cancel" title="Uploads its manifest with &quot;cancel&quot;: true">Cancel</button>`;
}

const DROP = html` · <span class="soft">Drop a folder with a tune.json anywhere here</span>`;

function sendMissing(response: ServerResponse): void {
  const main = html`<header><h1>There is no such page</h1></header><p>A run is here once its manifest has arrived. <a href="/">All runs</a></p>`;
  response
    .writeHead(404, pageHeaders(randomBytes(16).toString('base64')))
    .end(pageOf({ title: 'tunedrop: not found', main, head: html`<link rel="icon" href="${ICON}">` }));
}

/** What lies below a run. One of which it cannot be read now is shown all the same. */
async function readBeside(
  { runId }: Run,
  { seriesOf, progressOf }: LivePageInput,
): Promise<{ series: MetricSeries[]; progress: RunProgress | undefined }> {
  const [series, progress] = await Promise.all([
    seriesOf(runId).catch(() => []),
    progressOf(runId).catch(() => undefined),
  ]);
  return { series, progress };
}

/** What makes a page live; a browser without scripts loads it again by itself. */
function liveFrame(
  way: PageOptions['nav'],
  { token, actions }: { token: string; actions: Html | undefined },
): {
  nonce: string;
  frame: Required<Pick<PageOptions, 'head' | 'nav'>>;
} {
  const nonce = randomBytes(16).toString('base64');
  return {
    nonce,
    frame: {
      head: html`<link rel="icon" href="${ICON}"><meta name="${TOKEN_HEADER}" content="${token}"><noscript><meta http-equiv="refresh" content="5"></noscript><script nonce="${nonce}" type="module">${trusted(LIVE_SCRIPT)}</script>`,
      nav: html`<nav class="small">${way}<span id="actions">${actions}</span> · <span id="live" class="soft" role="status"></span></nav>`,
    },
  };
}

/** Keeps the answer open: one event for each change. */
function listen(response: ServerResponse, listeners: Set<ServerResponse>): void {
  response.writeHead(200, { ...COMMON_HEADERS, 'content-type': 'text/event-stream' });
  response.write('retry: 1000\n\n');
  listeners.add(response);
  response.on('close', () => listeners.delete(response));
}

function sayText(response: ServerResponse, status: number, sentence: string): void {
  if (response.headersSent) return void response.destroy();
  response
    .writeHead(status, { ...COMMON_HEADERS, 'content-type': 'text/plain; charset=utf-8' })
    .end(`${sentence}\n`);
}
