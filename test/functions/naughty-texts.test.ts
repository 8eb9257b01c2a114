import { describe, expect, test } from 'vitest';
import { check } from '../../cli/check/command.ts';
import { terminalOf } from '../../cli/command-line/terminal.ts';
import { createScreen } from '../../cli/run/screen.ts';
import { reportIssue } from '../../shared/core/issues/catalog.ts';
import { MANIFEST_KEYS } from '../../shared/core/manifest/keys.ts';
import { parseManifest } from '../../shared/core/manifest/manifest.ts';
import { parseGsUri } from '../../shared/core/objects/gs-uri.ts';
import { RunSchema } from '../../shared/core/run/run.ts';
import { aFolder, carryOut } from '../cli/command-line.ts';
import { HOSTILE_TEXTS } from '../support/hostile-texts.ts';
import { steeringIn } from '../support/steering.ts';
import { createWorld, RESULTS, type World } from '../support/world.ts';

/** Texts that something else would take for more than a text, in every place that an uploader fills. */

const RIGHT = { base_model: 'gemini-3.1-flash-lite', dataset_uri: 'train.jsonl' };
/** JSON escapes halves of characters; a file cannot hold them. */
/** A page may have tabs and carriage returns. */
const LAYOUT = ['9', 'd'];
/** Names of files are resolved beside the manifest, and names of models have several forms. */
const RESOLVED = /_(?:path|uri)$|^base_model$/;
const WHOLE = HOSTILE_TEXTS.filter((text) => text.isWellFormed());
const turn = (role: string, text: string) => ({ role, parts: [{ text }] });

test('there are several hundred', () => {
  expect(new Set(HOSTILE_TEXTS).size).toBeGreaterThan(400);
});

describe('a hostile text in a manifest', () => {
  const parse = (content: unknown) =>
    parseManifest(new TextEncoder().encode(JSON.stringify(content)), { uri: 'gs://inbox/a/tune.json' });

  test.each(MANIFEST_KEYS)(
    'under %s is taken as it stands or refused there, and shown without effect',
    (key) => {
      for (const text of HOSTILE_TEXTS) {
        const { issues, manifest } = parse({ ...RIGHT, [key]: text });
        const said = issues
          .map(reportIssue)
          .map(({ found, expected, message, remedy }) => [found, expected, message, remedy].join('\n'));
        expect([text, steeringIn(said.join('\n'))]).toEqual([text, []]);
        const taken = manifest?.[key];
        if (taken !== undefined && !RESOLVED.test(key))
          expect(taken).toBe(typeof taken === 'number' ? Number(text) : text);
      }
    },
  );

  test('as a key, beside others and within labels', () => {
    for (const text of HOSTILE_TEXTS) {
      const issues = [
        parse({ ...RIGHT, [text]: text }),
        parse({ ...RIGHT, labels: { [text]: text } }),
      ].flatMap((parsed) => parsed.issues);
      const said = issues.map((issue) => `${reportIssue(issue).message} ${issue.at.path}`).join('\n');
      expect([text, steeringIn(said)]).toEqual([text, []]);
    }
  });
});

/** A run whose folder, name, labels and rows are full of them. */
async function drop(world: World, texts: readonly string[], more: object = {}): Promise<string> {
  const [first = 'a'] = texts;
  // No object can have another name.
  const isName = parseGsUri(`gs://inbox/x/${first}/train.jsonl`).ok;
  const folder = isName ? `x/${first}` : `x/${world.objects.names('inbox').length}`;
  const rows = [...texts, ...Array.from({ length: 12 }, (_, at) => `row ${at}`)].map((text) =>
    JSON.stringify({ contents: [turn('user', `${text} ?`), turn('model', `${text} !`)] }),
  );
  const data = `${rows.join('\n')}\n`;
  world.upload(`${folder}/train.jsonl`, data);
  const manifest = { ...RIGHT, model_display_name: first, ...more };
  await world.finalized(world.upload(`${folder}/tune.json`, JSON.stringify(manifest)));
  return data;
}

const PARTS = Array.from({ length: 40 }, (_, at) => WHOLE.filter((_text, index) => index % 40 === at));

describe('a run full of hostile texts', () => {
  test('ends as any other: its document, its files and its lines on a terminal have nothing that works', async () => {
    const world = createWorld({ config: { datasetWaitMs: 0 } });
    for (const texts of PARTS) await drop(world, texts, { [texts[1] ?? 'b']: texts[2], task: texts[3] });
    for (const texts of PARTS)
      await drop(world, texts, { labels: { [texts[4] ?? 'c']: texts[5] }, dry_run: true });
    for (const text of WHOLE.slice(0, 200)) await drop(world, [text], { dry_run: true });
    const runs = [...world.runs.documents.values()];
    expect(runs.length).toBeGreaterThan(200);
    const shown: string[] = [];
    const screen = createScreen({
      write: terminalOf({ write: (text) => void shown.push(text) }).write,
      ...{ colour: false, now: () => 0, isLocal: true },
    });
    for (const run of runs) {
      expect(RunSchema.parse(JSON.parse(JSON.stringify(run)))).toEqual(JSON.parse(JSON.stringify(run)));
      screen.progress(run, { named: true });
      expect(steeringIn(`${run.status.message}${run.status.remedy ?? ''}`)).toEqual([]);
    }
    expect(steeringIn(shown.join(''))).toEqual([]);
    const reports = world.objects.names(RESULTS).filter((name) => name.endsWith('.html'));
    expect(reports.length).toBeGreaterThan(50);
    for (const name of reports) {
      const page = String(world.objects.text({ bucket: RESULTS, name }));
      expect([name, steeringIn(page).filter((code) => !LAYOUT.includes(code))]).toEqual([name, []]);
      expect(page).not.toMatch(
        /<script>alert|<svg\/onload|<img src=x|<iframe|<details open ontoggle|href="\s*javascript:/i,
      );
    }
  });

  test('loses nothing: the checked copy has every byte of the upload', async () => {
    for (const texts of PARTS) {
      const world = createWorld({ config: { datasetWaitMs: 0 } });
      const data = await drop(world, ['plain', ...texts.filter((text) => text.trim() !== '')]);
      const [staged = ''] = world.objects.names(RESULTS).filter((name) => name.startsWith('staging/'));
      expect(world.objects.text({ bucket: RESULTS, name: staged })).toBe(data);
    }
  });

  test('is shown by check without effect', async () => {
    for (const texts of PARTS.slice(0, 10)) {
      const rows = texts.map((text) => JSON.stringify({ input_text: text, output_text: text, [text]: text }));
      const manifest = JSON.stringify({
        ...RIGHT,
        [texts[0] ?? 'a']: texts[1],
        model_display_name: texts[2],
      });
      const { stdout, stderr } = await carryOut(
        check,
        aFolder({ 'tune.json': manifest, 'train.jsonl': rows.join('\n') }),
      );
      expect(steeringIn(stdout + stderr)).toEqual([]);
    }
  });
});
