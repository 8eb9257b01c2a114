import { describe, expect, test } from 'vitest';
import { ROWS_ON_PAGE } from '../../cli/start/page/query.ts';
import { startLivePage } from '../../cli/start/page/server.ts';
import { runIdOf } from '../../shared/core/run/ids.ts';
import type { Run } from '../../shared/core/run/run.ts';
import { findChromium, screenshot } from '../core/report-chromium.ts';
import { tagsOf, textOf } from '../core/report-markup.ts';
import { aCourse, aFailedRun, aRunningRun, aSucceededRun, SETTLED_COST } from '../core/report-samples.ts';
import { until } from '../support/condition.ts';
import { aProgress, aRun, at } from '../support/runs.ts';
import { aPage, ask, named } from './a-page.ts';
import { openPage } from './page-browser.ts';
import { readEvents } from './page-events.ts';

describe('the list', () => {
  test('has each run with state, folder, progress and the course of its loss, the newest first', async () => {
    const course = aCourse({ steps: 300, until: 90 });
    const runs = [
      named(aFailedRun(), 'old'),
      named(aRunningRun(), 'new', at(5)),
      named(aRun(), 'newest', at(9)),
    ];
    const progress = aProgress({ step: 90, ofSteps: 300 });
    const { page } = await aPage(
      runs,
      async (runId) => (runId === 'new' ? course : []),
      async (runId) => (runId === 'new' ? progress : undefined),
    );
    const { body, status } = await ask(page.url);
    expect(status).toBe(200);
    expect(() => tagsOf(body)).not.toThrow();
    expect([...body.matchAll(/href="(\/runs\/\w+)"/g)].map(([, path]) => path)).toEqual([
      ...['/runs/newest', '/runs/new', '/runs/old'],
    ]);
    expect(textOf(body)).toMatch(/RUNNING.*Headlines to sections.*reviews\/tune\.json.*step 90 of 300/);
    expect(body).toContain('<progress value="90" max="300">');
    expect(body.match(/class="sparkline"/g)).toHaveLength(1);
    expect(textOf(body)).toContain('The job failed in the step');
  });

  test('says how long the job of a run is expected to take, while it is known and the run has not ended', async () => {
    const expectedDuration = { seconds: { low: 1200, high: 1800 }, runs: 3 };
    const withExpected = (run: Run) => ({ ...run, status: { ...run.status, expectedDuration } });
    const { page } = await aPage([
      withExpected(named(aRunningRun(), 'known', at(5))),
      named(aRunningRun(), 'unknown', at(4)),
      withExpected(named(aSucceededRun(), 'over', at(3))),
    ]);
    const { body } = await ask(page.url);
    expect(textOf(body).match(/Expected: [^,]+, as 3 jobs like it took/g)).toEqual([
      'Expected: 20 min to 30 min, as 3 jobs like it took',
    ]);
  });

  test('names resources of Vertex AI by their last parts, so that a row stays short', async () => {
    const message = 'The model is tuned: projects/1/locations/us-central1/models/2@1.';
    const tuned = { ...aRun(), status: { ...aRun().status, message } };
    const { page } = await aPage([named(tuned, 'tuned')]);
    expect(textOf((await ask(page.url)).body)).toContain('The model is tuned: models/2@1.');
  });

  test('leads from a run that was skipped to the one that it speaks of, in little room', async () => {
    const other = `r${'a'.repeat(40)}`;
    const message = `These are the bytes of an earlier upload: run ${other} is RUNNING.`;
    const { page } = await aPage([named(aRun({ state: 'SKIPPED', status: { message } }), 'r1')]);
    expect((await ask(page.url)).body).toContain(`run <a href="/runs/${other}">raaaaaaa…</a> is RUNNING`);
  });

  test('has what each run costs', async () => {
    const costly = { ...aRun(), status: { ...aRun().status, cost: SETTLED_COST } };
    const { page } = await aPage([named(costly, 'costly'), named(aRun(), 'other')]);
    const { body } = await ask(page.url);
    expect(body).toContain('data-label="Cost">2.98 USD (2.95 to 3.02 USD expected)</td>');
    expect(body).toContain('<td class="small"></td>');
  });

  test('of no runs says what to do', async () => {
    const { page } = await aPage([]);
    expect(textOf((await ask(page.url)).body)).toContain('Drop a folder with a tune.json');
  });

  test('shows very many page by page, the newest first', async () => {
    const runs = Array.from({ length: ROWS_ON_PAGE + 1 }, (_, index) =>
      named(aRun(), `r${index}`, at(index)),
    );
    const { page } = await aPage(runs);
    const [first, second] = [(await ask(page.url)).body, (await ask(page.url, { path: '/?page=2' })).body];
    expect(first.match(/href="\/runs\//g)).toHaveLength(ROWS_ON_PAGE);
    expect(first).not.toContain('"/runs/r0"');
    expect(textOf(first)).toContain(`Page 1 of 2, ${ROWS_ON_PAGE + 1} runs.`);
    expect(first).toContain('<a href="/?page=2">Older</a>');
    expect(second.match(/href="\/runs\/r\d+"/g)).toEqual(['href="/runs/r0"']);
    expect(second).toContain('<a href="/">Newer</a>');
  });

  test.each([
    ['all of them', '/', ['r2', 'r1']],
    ['a state', '/?state=FAILED', ['r1']],
    ['a part of the path, however it is written', '/?q=OTHER', ['r2']],
    ['a model', '/?q=text-bison', ['r1']],
    ['a state and a text that do not go together', '/?state=FAILED&q=other', []],
    ['a state that there is not', '/?state=constructor', ['r2', 'r1']],
    ['a page that there is not', '/?page=-1', ['r2', 'r1']],
  ])('has what is asked for: %s', async (_name, path, found) => {
    const { page } = await aPage([
      named(aFailedRun(), 'r1'),
      named(aRun({ folder: 'other' }), 'r2', at(9000)),
    ]);
    const { body } = await ask(page.url, { path });
    expect([...body.matchAll(/href="\/runs\/(\w+)"/g)].map(([, id]) => id)).toEqual(found);
    if (found.length === 0) expect(textOf(body)).toContain('No run is like that.');
  });

  test('has of each run its model, best measure, duration and first error', async () => {
    const issues = [
      {
        ...{ code: 'x', severity: 'error' as const, file: 'f', found: 'F', expected: 'E', remedy: 'R' },
        message: 'Line 3 has no answer.',
      } as const,
    ];
    const { page } = await aPage(
      [named(aSucceededRun(), 'r1'), named(aRun({ state: 'REJECTED', status: { issues } }), 'r2')],
      async (runId) => (runId === 'r1' ? aCourse({ steps: 300 }) : []),
    );
    const { body } = await ask(page.url);
    expect(textOf(body)).toContain('text-bison@002');
    expect(body).toMatch(/data-label="Best">[^<]*at step \d+</);
    expect(body).toMatch(/data-label="Took">\d/);
    expect(textOf(body)).toContain('Line 3 has no answer.');
  });

  test('has as the best of an evaluated run what the evaluation has shown', async () => {
    const run = named(aSucceededRun(), 'r1');
    const at = (value: number) => ({ value, low: 0, high: 1 });
    const evaluation = {
      ...{ state: 'DONE' as const, reason: 'Compared', message: 'Better.' },
      ...{ measure: 'accuracy' as const, tuned: at(0.38), base: at(0) },
    };
    const { page } = await aPage([{ ...run, status: { ...run.status, evaluation } }]);
    expect((await ask(page.url)).body).toContain('data-label="Best">38 % accuracy, base 0 %<');
  });

  test('shows a run of which nothing beside its document can be read', async () => {
    const noDisk = () => Promise.reject(new Error('no disk'));
    const { page } = await aPage([named(aRun(), 'r1')], noDisk, noDisk);
    expect((await ask(page.url)).body).toContain('/runs/r1');
    expect((await ask(page.url, { path: '/runs/r1' })).status).toBe(200);
  });
});

test('the page of a run is its report', async () => {
  const { page } = await aPage([named(aSucceededRun(), 'r1')], async () => aCourse({ steps: 300 }));
  const { body, status } = await ask(page.url, { path: '/runs/r1?from=list' });
  expect(status).toBe(200);
  expect(() => tagsOf(body)).not.toThrow();
  expect(textOf(body)).toContain('Headlines to sections');
  expect(body.match(/<svg class="chart"/g)).toHaveLength(2);
});

test('a run that speaks of another leads to it', async () => {
  const other = `r${'a'.repeat(40)}`;
  const message = `These are the bytes of an earlier upload: run ${other} is RUNNING.`;
  const { page } = await aPage([named(aRun({ state: 'SKIPPED', status: { message } }), 'r1')]);
  const { body } = await ask(page.url, { path: '/runs/r1' });
  expect(body).toContain(`run <a href="/runs/${other}">${other}</a> is RUNNING`);
});

test('a cancelled run leads to the upload that asked for it', async () => {
  const run = aRun({ state: 'CANCELLED', status: { cancelRequested: { time: at(1), by: '9' } } });
  const { page } = await aPage([named(run, 'r1')]);
  const asker = runIdOf({ ...run.spec.source, generation: '9' });
  const { body } = await ask(page.url, { path: '/runs/r1' });
  expect(body).toContain(`asked for by run <a href="/runs/${asker}">`);
});

test('a section that has nothing to say is left out', async () => {
  const { page } = await aPage([named(aRun(), 'r1')]);
  expect((await ask(page.url, { path: '/runs/r1' })).body).not.toContain('What was asked');
});

describe('only a page of this server is answered', () => {
  const CASES: [name: string, options: { path?: string; method?: string; host?: string }, status: number][] =
    [
      ['a run that is not there', { path: '/runs/other' }, 404],
      ['a file by its path', { path: '/../../package.json' }, 404],
      ['a file under the runs', { path: '/runs/../../../package.json' }, 404],
      ['a path in disguise', { path: '/runs/%2e%2e%2fpackage.json' }, 404],
      ['a path that cannot be read', { path: '/runs/%' }, 404],
      ['another origin', { path: 'http://example.com/' }, 404],
      ['a key that every object has', { path: '/runs/constructor' }, 404],
      ['something to write', { method: 'POST' }, 405],
    ];
  test.each(CASES)('%s', async (_name, options, status) => {
    const { page } = await aPage([named(aRun(), 'r1')]);
    const answer = await ask(page.url, options);
    expect(answer.status).toBe(status);
    expect(answer.body).not.toContain('reviews');
    expect(answer.headers['content-type']).toContain(status === 404 ? 'text/html' : 'text/plain');
    if (status === 404) expect(answer.body).toContain('<a href="/">All runs</a>');
  });

  test.each(['evil.example', '127.0.0.1.evil.example', '0.0.0.0'])('not under the name %s', async (host) => {
    const { page } = await aPage([named(aRun(), 'r1')]);
    const answer = await ask(page.url, { host });
    expect(answer.status).toBe(403);
    expect(answer.body).not.toContain('tunedrop');
  });

  test('and this machine under its usual names', async () => {
    const { page } = await aPage([]);
    const { port } = new URL(page.url);
    for (const name of ['127.0.0.1', 'localhost', '[::1]']) {
      expect((await ask(page.url, { host: `${name}:${port}` })).status).toBe(200);
    }
  });
});

test('a page may do nothing but be seen and run our one script, whose nonce is new each time', async () => {
  const { page } = await aPage([named(aRun(), 'r1')]);
  const nonces = await Promise.all(
    ['/', '/', '/runs/r1'].map(async (path) => {
      const { headers, body } = await ask(page.url, { path });
      const policy = String(headers['content-security-policy']);
      const [, nonce] = /script-src 'nonce-([^']+)'/.exec(policy) ?? [];
      expect(policy).toMatch(
        /^default-src 'none'; style-src 'unsafe-inline'; script-src 'nonce-[^']+'; connect-src 'self';/,
      );
      expect(policy).not.toContain('*');
      expect([...body.matchAll(/<script ([^>]*)>/g)].map(([, attributes]) => attributes)).toEqual([
        `nonce="${nonce}" type="module"`,
      ]);
      expect(body).toContain('<noscript><meta http-equiv="refresh" content="5"></noscript>');
      expect(headers).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
      return nonce;
    }),
  );
  expect(new Set(nonces).size).toBe(3);
});

describe('a change', () => {
  test('reaches every open page', async () => {
    const { page, change } = await aPage([]);
    const [first, second] = await Promise.all([readEvents(page.url), readEvents(page.url)]);
    change();
    expect(await Promise.all([first.next(), second.next()])).toEqual(['changed', 'changed']);
  });

  test('is listened for until the page server is closed, which ends the open pages', async () => {
    const { page: served, subscribers } = await aPage([]);
    const events = await readEvents(served.url);
    expect(subscribers()).toBe(1);
    await served.close();
    expect(subscribers()).toBe(0);
    expect(await events.next()).toBeUndefined();
  });
});

test('a port that is taken is an error with its code', async () => {
  const { page: first } = await aPage([]);
  const port = Number(new URL(first.url).port);
  const second = startLivePage({
    ...{ port, runs: () => [], subscribe: () => () => {}, logOf: async () => [] },
    actions: { cancel: async () => {}, upload: async () => {} },
    ...{
      seriesOf: async () => [],
      progressOf: async () => undefined,
      answersOf: async () => [],
      linesOf: async () => [],
    },
  });
  await expect(second).rejects.toMatchObject({ code: 'EADDRINUSE' });
});

const chromium = findChromium();

describe.skipIf(!chromium)('in a browser', () => {
  const browser = chromium ?? '';

  test('the list is seen', async () => {
    const runs = [named(aRunningRun(), 'r1'), named(aSucceededRun(), 'r2')];
    const { page } = await aPage(runs, async () => aCourse({ steps: 300, until: 90 }));
    const picture = await screenshot(browser, { url: page.url });
    expect(picture.distinctRows).toBeGreaterThan(50);
  });

  test.each([
    ['/', 390],
    ['/runs/r1', 390],
    ['/runs/r2', 390],
    ['/runs/r3', 390],
    ['/', 1280],
  ])('nothing is cut off: %s at %d px', async (path, width) => {
    const runs = [named(aRunningRun(), 'r1'), named(aSucceededRun(), 'r2'), named(aFailedRun(), 'r3')];
    const { page } = await aPage(runs, async () => aCourse({ steps: 300 }));
    const open = await openPage(browser, new URL(path, page.url).href, [`--window-size=${width},900`]);
    try {
      await until('the page is live', async () => (await open.evaluate('live.textContent')) === 'Live');
      expect(
        await open.evaluate(
          'String([...document.querySelectorAll(".scroll:has(.stack)"), document.documentElement].filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.outerHTML.slice(0, 80)))',
        ),
      ).toBe('');
    } finally {
      await open.close();
    }
  });

  test('a change is shown without loading the page again', async () => {
    const { page, runs, change } = await aPage([named(aRunningRun(), 'r1')]);
    const open = await openPage(browser, page.url);
    try {
      const rows = () => open.evaluate('document.querySelectorAll("tbody tr").length');
      await until('the page is live', async () => (await open.evaluate('live.textContent')) === 'Live');
      expect(await open.evaluate('document.querySelector("time").textContent')).toMatch(/ago$/);
      expect(await open.evaluate('document.querySelector("time").title')).toMatch(/ here, 2026-.* UTC$/);
      await open.evaluate('window.loaded = "once"');
      expect(await rows()).toBe('1');
      runs.push(named(aFailedRun(), 'r2'));
      change();
      await until('the second run is there', async () => (await rows()) === '2');
      expect(await open.evaluate('window.loaded')).toBe('once');
    } finally {
      await open.close();
    }
  });

  test('a run’s report follows the run, and what was unfolded stays unfolded', async () => {
    const { page, runs, change } = await aPage([named(aRunningRun(), 'r1')], async () =>
      aCourse({ steps: 300 }),
    );
    const open = await openPage(browser, `${page.url}runs/r1`);
    try {
      await until('the page is live', async () => (await open.evaluate('live.textContent')) === 'Live');
      await open.evaluate('document.querySelector("details").open = true');
      runs[0] = named(aSucceededRun(), 'r1');
      change();
      const state = () => open.evaluate('document.querySelector(".state").textContent');
      await until('the new state is there', async () => (await state()).includes('SUCCEEDED'));
      expect(await open.evaluate('document.querySelector("details").open')).toBe('true');
      expect(await open.evaluate('document.title')).toBe('Headlines to sections: SUCCEEDED');
    } finally {
      await open.close();
    }
  });
});
