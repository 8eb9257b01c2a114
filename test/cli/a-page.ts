import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach } from 'vitest';
import { type LivePage, startLivePage } from '../../cli/start/page/server.ts';
import type { Run } from '../../shared/core/run/run.ts';
import type { MetricSeries } from '../../shared/core/tuning/metrics.ts';
import type { RunProgress } from '../../shared/core/tuning/run-progress.ts';

/** A live page of runs that a test names. */

let page: LivePage | undefined;
afterEach(async () => {
  await page?.close();
  page = undefined;
});

export interface PageWorld {
  page: LivePage;
  runs: Run[];
  /** What the page was asked to do, as it did it. */
  done: string[];
  change: () => void;
  /** How many have subscribed and not left again. */
  subscribers: () => number;
}

/** The page of these runs, closed after the test where the test has not closed it. */
export async function aPage(
  runs: Run[],
  seriesOf: (runId: string) => Promise<MetricSeries[]> = async () => [],
  progressOf: (runId: string) => Promise<RunProgress | undefined> = async () => undefined,
  linesOf: (uri: string) => string[] | string = () => 'its copy is gone',
): Promise<PageWorld> {
  const subscribers = new Set<() => void>();
  const done: string[] = [];
  const served = await startLivePage({
    port: 0,
    runs: () => runs,
    seriesOf,
    progressOf,
    logOf: async () => [],
    actions: {
      cancel: async ({ runId }) => void done.push(`cancel ${runId}`),
      upload: async (name, body) => void done.push(`${name}: ${await text(body)}`),
    },
    answersOf: async () => [],
    linesOf: async (uri) => linesOf(uri),
    subscribe(onChange) {
      subscribers.add(onChange);
      return () => subscribers.delete(onChange);
    },
  });
  page = served;
  const close = async () => {
    page = undefined;
    await served.close();
  };
  return {
    page: { ...served, close },
    runs,
    done,
    change: () => {
      for (const onChange of subscribers) onChange();
    },
    subscribers: () => subscribers.size,
  };
}

export interface PageAnswer {
  status: number | undefined;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

interface Asked {
  path?: string;
  method?: string;
  host?: string;
  headers?: Record<string, string>;
  body?: string;
}

/** As any program could ask: with a path and headers that `fetch` would correct. */
export function ask(url: string, options: Asked = {}): Promise<PageAnswer> {
  const { path = '/', method = 'GET', host, headers, body: sent } = options;
  return new Promise((resolve, reject) => {
    const asked = request(
      url,
      { path, method, headers: { ...headers, ...(host === undefined ? {} : { host }) } },
      (response) => {
        let body = '';
        response.setEncoding('utf8').on('data', (chunk) => {
          body += chunk;
        });
        response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body }));
      },
    );
    asked.on('error', reject).end(sent);
  });
}

/** A run under another id. */
export const named = (run: Run, runId: string, createTime = run.status.createTime): Run => ({
  ...run,
  runId,
  status: { ...run.status, createTime },
});
