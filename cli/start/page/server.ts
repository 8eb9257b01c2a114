import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { refuseForeign } from '../../../local/loopback-guard.ts';
import { html, trusted } from '../../../shared/core/report/html.ts';
import { type PageOptions, pageOf } from '../../../shared/core/report/page.ts';
import { renderReport } from '../../../shared/core/report/report.ts';
import { withRunLinks } from '../../../shared/core/report/run-links.ts';
import type { Run } from '../../../shared/core/run/run.ts';
import type { MetricSeries } from '../../../shared/core/tuning/metrics.ts';
import type { RunProgress } from '../../../shared/core/tuning/run-progress.ts';
import { COMMON_HEADERS, pageHeaders } from './headers.ts';
import { renderRunList } from './list.ts';
import { findRuns, readListQuery } from './query.ts';
import { LIVE_SCRIPT } from './script.ts';

export interface LivePageInput {
  /** 0 takes any free port. */
  port: number;
  /** Every run, in any order. */
  runs: () => Run[];
  seriesOf: (runId: string) => Promise<MetricSeries[]>;
  progressOf: (runId: string) => Promise<RunProgress | undefined>;
  /** Calls `onChange` whenever a run or what lies below it changed, until the returned function is called. */
  subscribe: (onChange: () => void) => () => void;
}

/** The live page: everything that it shows comes from memory; no request reaches a file. */
export interface LivePage {
  readonly url: string;
  close(): Promise<void>;
}

const LOOPBACK = '127.0.0.1';

/** Serves the live page to this machine alone. */
export async function startLivePage(input: LivePageInput): Promise<LivePage> {
  const listeners = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    if (refuseForeign(request, response)) return;
    const answer = route(request, response, { input, listeners });
    Promise.resolve(answer).catch(() => refuse(response, 500, 'This page could not be made. Load it again.'));
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
}

function route(request: IncomingMessage, response: ServerResponse, { input, listeners }: Serving) {
  if (request.method !== 'GET') {
    return refuse(response.setHeader('allow', 'GET'), 405, 'This page is for looking only.');
  }
  const [path, search] = (request.url ?? '').split('?');
  if (path === '/') return sendList(response, new URLSearchParams(search), input);
  if (path === '/events') return listen(response, listeners);
  const runId = /^\/runs\/([\w-]+)$/.exec(path ?? '')?.[1];
  const run = input.runs().find((one) => one.runId === runId);
  return run ? sendReport(response, { run, input }) : sendMissing(response);
}

async function sendList(
  response: ServerResponse,
  search: URLSearchParams,
  input: LivePageInput,
): Promise<void> {
  const query = readListQuery(search);
  const { found, total } = findRuns(input.runs(), query);
  const listed = await Promise.all(found.map(async (run) => ({ run, ...(await readBeside(run, input)) })));
  const { nonce, frame } = liveFrame(html`<span>tunedrop on this machine</span>`);
  response.writeHead(200, pageHeaders(nonce)).end(renderRunList(listed, { query, total, frame }));
}

async function sendReport(
  response: ServerResponse,
  { run, input }: { run: Run; input: LivePageInput },
): Promise<void> {
  const beside = await readBeside(run, input);
  const { nonce, frame } = liveFrame(html`<a href="/">All runs</a>`);
  response
    .writeHead(200, pageHeaders(nonce))
    .end(renderReport({ run, ...beside, frame, inWords: withRunLinks }));
}

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
function liveFrame(way: PageOptions['nav']): {
  nonce: string;
  frame: Required<Pick<PageOptions, 'head' | 'nav'>>;
} {
  const nonce = randomBytes(16).toString('base64');
  return {
    nonce,
    frame: {
      head: html`<link rel="icon" href="${ICON}"><noscript><meta http-equiv="refresh" content="5"></noscript><script nonce="${nonce}" type="module">${trusted(LIVE_SCRIPT)}</script>`,
      nav: html`<nav class="small">${way} · <span id="live" class="soft" role="status"></span></nav>`,
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

function refuse(response: ServerResponse, status: number, sentence: string): void {
  if (response.headersSent) return void response.destroy();
  response
    .writeHead(status, { ...COMMON_HEADERS, 'content-type': 'text/plain; charset=utf-8' })
    .end(`${sentence}\n`);
}
