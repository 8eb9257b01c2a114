import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compare } from '../../cli/compare/command.ts';
import { type Stack, startStack } from '../../cli/start/stack.ts';
import type { Run } from '../../shared/core/run/run.ts';
import { carryOutIn } from '../cli/command-line.ts';
import { until } from '../support/condition.ts';
import { temporaryFolder } from '../support/service-options.ts';

/** Two runs of one manifest, whose data differ by ten rows and whose settings by one. */

let stack: Stack;
let before: Run;
let after: Run;
let here: { folder: string; environment: Record<string, string> };

const EXAMPLE = 'examples/medical-specialty';

beforeAll(async () => {
  stack = await startStack({ dataDir: temporaryFolder(), trainer: 'stand-in', taskMs: 20, emulators: {} });
  here = {
    folder: temporaryFolder(),
    environment: { ...stack.cloud.clientEnvironment, XDG_STATE_HOME: temporaryFolder() },
  };
  before = await stack.follow(await stack.drop(EXAMPLE, 'tickets', 'manifest last'));
  const uri = await stack.drop(withOtherRows(), 'tickets', 'manifest last');
  await until('the second run has begun', async () => (await stack.newest(uri))?.runId !== before.runId);
  after = await stack.follow(uri);
}, 240_000);
afterAll(() => stack?.close());

/** The example without its lines 3 to 5, with another answer on line 10, now 7, and six lines more at the end; and with more epochs. */
function withOtherRows(): string {
  const folder = temporaryFolder();
  cpSync(EXAMPLE, folder, { recursive: true });
  const lines = readFileSync(join(EXAMPLE, 'train.jsonl'), 'utf8').trimEnd().split('\n');
  lines[9] = JSON.stringify({ ...JSON.parse(lines[9] ?? ''), output_text: 'Another answer' });
  lines.splice(2, 3);
  for (let more = 0; more < 6; more++) {
    lines.push(JSON.stringify({ ...JSON.parse(lines[0] ?? ''), input_text: `A new note, number ${more}` }));
  }
  writeFileSync(join(folder, 'train.jsonl'), `${lines.join('\n')}\n`);
  const manifest = JSON.parse(readFileSync(join(EXAMPLE, 'tune.json'), 'utf8'));
  writeFileSync(join(folder, 'tune.json'), JSON.stringify({ ...manifest, epoch_count: 7 }));
  return folder;
}

describe('tunedrop compare', () => {
  test('one run stands beside the one before it: settings, the ten lines of the data, what was measured', async () => {
    const { stdout, stderr, code } = await carryOutIn(here, compare, 'tickets');
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    expect(stdout).toMatch(new RegExp(`^before +${before.runId.slice(0, 10)} .* tickets/tune.json$`, 'm'));
    expect(stdout).toMatch(new RegExp(`^after +${after.runId.slice(0, 10)} .* tickets/tune.json$`, 'm'));
    expect(stdout).toMatch(/^ {2}epochCount +\d+ → 7$/m);
    expect(stdout).toContain(': 6 added, 3 removed, 1 changed\n');
    expect(stdout).toMatch(/ removed, as lines of the earlier file: lines 3-5\n/);
    expect(stdout).toMatch(/ changed: the same input, another answer: lines 7 \(was 10\)\n/);
    expect(stdout).toMatch(/ evaluation_data_uri {2}the same bytes, \d+ examples\n/);
  });

  test('two runs in the order in which they are named, as JSON', async () => {
    const { stdout } = await carryOutIn(here, compare, after.runId, before.runId, '--json');
    const compared = JSON.parse(stdout);
    expect(compared).toMatchObject({
      before: { runId: after.runId },
      after: { runId: before.runId },
      settings: [{ name: 'epochCount', before: 7 }],
    });
    const [training] = compared.files;
    expect(training.rows).toMatchObject({ added: [3, 4, 5], changed: [{ before: 7, after: 10 }] });
    expect(training.rows.removed).toHaveLength(6);
  });

  test('a run that is the first of its manifest has nothing to stand beside', async () => {
    await expect(carryOutIn(here, compare, before.runId)).rejects.toThrow(
      /has no run before r.*: name the other one too, as npx tunedrop list shows it\./,
    );
  });
});
