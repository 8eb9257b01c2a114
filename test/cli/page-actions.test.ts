import { describe, expect, test } from 'vitest';
import { aRunningRun, aSucceededRun } from '../core/report-samples.ts';
import { at } from '../support/runs.ts';
import { aPage, ask, named } from './a-page.ts';

describe('what the page does', () => {
  const tokenOf = (body: string) =>
    /<meta name="x-tunedrop-token" content="([\w-]{43})">/.exec(body)?.[1] ?? '';
  const CANCEL = { method: 'POST', path: '/runs/r1/cancel' };
  const DROP = { method: 'PUT', path: '/inbox/a%20b/tune.json', body: '{}' };

  /** A page with one run that goes on, and what its own script sends along. */
  async function aPageThatActs() {
    const world = await aPage([named(aRunningRun(), 'r1'), named(aSucceededRun(), 'r2')]);
    const { url } = world.page;
    const token = tokenOf((await ask(url, { path: '/runs/r1' })).body);
    const own = { 'x-tunedrop-token': token, origin: url.slice(0, -1), 'sec-fetch-site': 'same-origin' };
    return { ...world, url, token, own };
  }

  test('a cancel and a drop of its own are uploaded', async () => {
    const { url, own, done } = await aPageThatActs();
    expect((await ask(url, { ...CANCEL, headers: own })).status).toBe(202);
    expect((await ask(url, { ...DROP, headers: own })).status).toBe(201);
    expect(done).toEqual(['cancel r1', 'a b/tune.json: {}']);
  });

  test.each([
    ['without the token', {}],
    ['with another token', { 'x-tunedrop-token': 'A'.repeat(43) }],
    ['with a shorter one', { 'x-tunedrop-token': 'A' }],
  ])('nothing is done %s', async (_name, headers) => {
    const { url, done } = await aPageThatActs();
    for (const asked of [CANCEL, DROP]) {
      const answer = await ask(url, { ...asked, headers });
      expect(answer).toMatchObject({ status: 403, body: expect.stringContaining('load the page again') });
    }
    expect(done).toEqual([]);
  });

  test.each([
    ['another site', { origin: 'https://example.com', 'sec-fetch-site': 'cross-site' }],
    ['another port of this machine', { origin: 'http://127.0.0.1:1', 'sec-fetch-site': 'same-site' }],
    ['a page without an origin', { origin: 'null' }],
  ])('nothing is done for a page of %s, even with the token', async (_name, headers) => {
    const { url, own, done } = await aPageThatActs();
    for (const asked of [CANCEL, DROP]) {
      expect((await ask(url, { ...asked, headers: { ...own, ...headers } })).status).toBe(403);
    }
    expect(done).toEqual([]);
  });

  test.each([
    ['of a run that has ended', { ...CANCEL, path: '/runs/r2/cancel' }, 409],
    ['of a run that is not there', { ...CANCEL, path: '/runs/r3/cancel' }, 404],
    ['above the inbox', { ...DROP, path: '/inbox/..%2F..%2Fetc' }, 400],
    ['of a name that cannot be read', { ...DROP, path: '/inbox/%' }, 400],
    ['of a name with an empty part', { ...DROP, path: '/inbox//a' }, 400],
    ['of a name with a line end', { ...DROP, path: '/inbox/a%0Ab' }, 400],
    ['by another method', { ...CANCEL, method: 'DELETE' }, 405],
  ])('a request %s is refused', async (_name, asked, status) => {
    const { url, own, done } = await aPageThatActs();
    expect((await ask(url, { ...asked, headers: own })).status).toBe(status);
    expect(done).toEqual([]);
  });

  test('a run that goes on has its button, one that was asked says so, one that has ended has nothing', async () => {
    const { page, runs } = await aPageThatActs();
    const navOf = async (runId: string) =>
      (await ask(page.url, { path: `/runs/${runId}` })).body.match(
        /<span id="actions">(.*?)<\/span> ·/s,
      )?.[1];
    expect(await navOf('r1')).toContain('data-cancel="/runs/r1/cancel"');
    expect(await navOf('r2')).toBe('');
    const [running] = runs;
    if (running) running.status.cancelRequested = { time: at(1), by: '9' };
    expect(await navOf('r1')).toBe(' · <span>Cancel asked for</span>');
  });
});
