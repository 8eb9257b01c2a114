import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findChromium } from '../core/report-chromium.ts';
import { aRunningRun, aSucceededRun } from '../core/report-samples.ts';
import { until } from '../support/condition.ts';
import { temporaryFolder } from '../support/service-options.ts';
import { aPage, named } from './a-page.ts';
import { type OpenPage, openPage } from './page-browser.ts';

/** What a person does on the page with a mouse. */

const chromium = findChromium();

async function opened(url: string, work: (open: OpenPage) => Promise<void>): Promise<void> {
  const open = await openPage(chromium ?? '', url);
  try {
    await until('the page is live', async () => (await open.evaluate('live.textContent')) === 'Live');
    await work(open);
  } finally {
    await open.close();
  }
}

function files(folder: string, contents: Record<string, string>): string[] {
  mkdirSync(folder, { recursive: true });
  return Object.entries(contents).map(([name, content]) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  });
}

describe.skipIf(!chromium)('in a browser', () => {
  test('a folder that is dropped on the list is uploaded under its name, the manifest last', async () => {
    const { page, done } = await aPage([]);
    const folder = join(temporaryFolder(), 'reviews');
    files(folder, { 'tune.json': '{}', 'train.jsonl': 'a row', '.hidden': 'nobody’s' });
    await opened(page.url, async (open) => {
      await open.drop([folder]);
      await until('all is uploaded', async () =>
        (await open.evaluate('live.textContent')).includes('2 files are uploaded.'),
      );
    });
    expect(done).toEqual(['reviews/train.jsonl: a row', 'reviews/tune.json: {}']);
  });

  test('files without a folder get one, named after the time', async () => {
    const { page, done } = await aPage([]);
    const paths = files(temporaryFolder(), { 'tune.json': '{}', 'train.jsonl': 'a row' });
    await opened(page.url, async (open) => {
      await open.drop(paths);
      await until('all is uploaded', async () => done.length === 2);
    });
    expect(done).toEqual([
      expect.stringMatching(/^dropped-\d{14}\/train\.jsonl: a row$/),
      expect.stringMatching(/^dropped-\d{14}\/tune\.json: \{\}$/),
    ]);
  });

  test('Cancel asks for it once, and a run that has ended has no such button', async () => {
    const { page, done } = await aPage([named(aRunningRun(), 'r1'), named(aSucceededRun(), 'r2')]);
    await opened(`${page.url}runs/r1`, async (open) => {
      await open.evaluate('document.querySelector("[data-cancel]").click()');
      await until('it was asked for', async () => done.length > 0);
      await open.evaluate('document.querySelector("[data-cancel]").click()');
      await until('that is said', async () =>
        (await open.evaluate('live.textContent')).includes('The cancel is uploaded.'),
      );
    });
    expect(done).toEqual(['cancel r1']);
    await opened(`${page.url}runs/r2`, async (open) => {
      expect(await open.evaluate('document.querySelector("[data-cancel]") === null')).toBe('true');
    });
  });
});
