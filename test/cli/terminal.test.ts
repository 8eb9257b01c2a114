import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { check } from '../../cli/check/command.ts';
import type { Command } from '../../cli/command-line/command.ts';
import { runCommandLine } from '../../cli/command-line/run.ts';
import { coloured, ERASE_LINE, terminalOf } from '../../cli/command-line/terminal.ts';
import { plan } from '../../cli/plan/command.ts';
import { createScreen } from '../../cli/run/screen.ts';
import { evaluationLines } from '../../cli/start/evaluation.ts';
import { printable } from '../../shared/core/json/printable.ts';
import { createLogger } from '../../shared/runtime/logger.ts';
import { aProgress, aRun, NOW } from '../support/runs.ts';
import { temporaryFolder } from '../support/service-options.ts';
import { steeringIn } from '../support/steering.ts';
import { carryOut } from './command-line.ts';

const DONE = { state: 'DONE', reason: 'Compared', message: 'M.' } as const;

/** A colour, a window title, a write to the clipboard, each as C0 and as C1, a hidden line, turned text, half a character. */
const ATTACKS = {
  colour: '\u001b[32mSUCCEEDED\u001b[0m',
  'C1 colour': '\u009b32mSUCCEEDED\u009b0m',
  title: '\u001b]0;a title\u0007',
  clipboard: '\u009d52;c;cm0gLXJmIC8=\u009c',
  'carriage return': 'REJECTED\rSUCCEEDED',
  backspace: 'bad\b\b\bgood',
  'turned text': '\u202egnp.exe\u2066\u200f\u061c',
  'another line': 'one\u2028two\u0085three',
  'half a character': '\ud800 and \udfff',
  delete: 'a\u007fb',
};
const HOSTILE = Object.values(ATTACKS).join(' ');

/** What a terminal is sent, and the way there. */
function aTerminal() {
  const sent: string[] = [];
  return { terminal: terminalOf({ write: (text) => void sent.push(text) }), text: () => sent.join('') };
}

describe('text that is made printable', () => {
  test.each(Object.entries(ATTACKS))('shows %s and does nothing', (_name, attack) => {
    expect(steeringIn(printable(attack))).toEqual([]);
    expect(printable(attack)).toMatch(/\\u[0-9a-f]{4}|\\t/);
  });

  test('keeps every other character, lines and emoji with their joiners too', () => {
    const text = 'Zeile\n日本語 עברית العربية 👩‍👩‍👧 naïve \\u001b "quoted"';
    expect(printable(text)).toBe(text);
  });

  test('is never changed again, and of JSON stays JSON with the same values', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
        const json = JSON.stringify(value, null, 2);
        expect(JSON.parse(printable(json))).toEqual(JSON.parse(json));
        expect(printable(printable(json))).toBe(printable(json));
        expect(steeringIn(printable(json))).toEqual([]);
      }),
    );
  });
});

describe('a terminal', () => {
  test('is sent the controls of this program and no other', () => {
    const { terminal, text } = aTerminal();
    terminal.write(ERASE_LINE, ...coloured(ATTACKS.colour, 31), '\n');
    expect(text()).toBe('\r\u001b[K\u001b[31m\\u001b[32mSUCCEEDED\\u001b[0m\u001b[0m\n');
  });

  test.each(Object.entries(ATTACKS))('is not steered by a run: %s', (_name, attack) => {
    const { terminal, text } = aTerminal();
    const screen = createScreen({ write: terminal.write, colour: false, isLocal: true, now: () => 0 });
    const run = aRun({ state: 'FAILED', status: { message: attack, remedy: attack } });
    const source = { ...run.spec.source, name: attack, uri: attack };
    screen.progress({ ...run, spec: { ...run.spec, source } }, { named: true });
    screen.steps(
      { ...run, spec: { ...run.spec, source } },
      { progress: aProgress({ percent: 50, step: 1 }), series: [] },
      { named: true },
    );
    screen.ignored({
      ...{ uri: attack, message: attack, remedy: attack, reason: 'R' },
      generation: '1',
      timeCreated: NOW,
      noticedTime: NOW,
    });
    const answer = { line: 1, prompt: attack, expected: attack, tuned: attack, base: attack };
    screen.write(
      evaluationLines(aRun({ status: { evaluation: DONE } }), [{ ...answer, score: { tuned: 1 } }], 80),
    );
    expect(text()).toContain(printable(attack));
    expect(steeringIn(text())).toEqual([]);
  });

  test('a line that is redrawn has room for what is shown, not for what was hidden', () => {
    const sent: string[] = [];
    const { write } = terminalOf({ write: (text) => void sent.push(text) });
    const screen = createScreen({ write, colour: false, columns: 60, isLocal: true, now: () => 0 });
    const run = aRun({ state: 'RUNNING' });
    const source = { ...run.spec.source, name: '\u001b'.repeat(5) };
    screen.steps(
      { ...run, spec: { ...run.spec, source } },
      { progress: aProgress({ percent: 50, step: 1, ofSteps: 2 }), series: [] },
      { named: true },
    );
    expect(sent[0]?.replace('\r\u001b[K', '').length).toBeLessThan(60);
  });

  test('is not steered by what ends a command', async () => {
    const [out, errors] = [aTerminal(), aTerminal()];
    const failing = async (): Promise<Command> => ({
      ...{ call: 'fail', summary: '', flags: {} },
      run: () => Promise.reject(new Error(HOSTILE)),
    });
    const context = {
      stdout: out.terminal,
      stderr: errors.terminal,
      today: '2026-01-01',
      folder: '',
      environment: {},
    };
    await runCommandLine(['fail'], { fail: failing }, context);
    await runCommandLine([HOSTILE], { fail: failing }, context);
    expect(errors.text()).toContain(printable(ATTACKS.clipboard));
    expect(steeringIn(`${out.text()}${errors.text()}`)).toEqual([]);
  });
});

describe('a folder of somebody else', () => {
  /** Hostile in its own name, in names of files, in keys and values of the manifest, and in the data. */
  function aHostileFolder(): string {
    const dir = join(temporaryFolder(), ATTACKS.title.replace('/', ''));
    mkdirSync(dir);
    const train = `${ATTACKS['C1 colour']}.jsonl`;
    const row = (text: string) => JSON.stringify({ input_text: text, [ATTACKS.colour]: text, id: text });
    writeFileSync(join(dir, train), Array.from({ length: 12 }, (_, n) => row(`${HOSTILE}${n}`)).join('\n'));
    const manifest = {
      ...{
        base_model: HOSTILE,
        model_display_name: HOSTILE,
        dataset_uri: train,
        tuned_model_location: HOSTILE,
      },
      ...{ labels: { [ATTACKS.title]: HOSTILE }, [ATTACKS.clipboard]: HOSTILE, evaluation_data_uri: HOSTILE },
    };
    writeFileSync(join(dir, 'tune.json'), JSON.stringify(manifest));
    return dir;
  }

  test.each([
    ['check', check, ['--all']],
    ['check as JSON', check, ['--json', '--all']],
    ['plan', plan, ['--project', 'demo']],
    ['plan as JSON', plan, ['--project', 'demo', '--json']],
    ['check of a folder that is not there', check, [ATTACKS.colour]],
  ] as const)('%s steers nothing', async (_name, command, args) => {
    const { stdout, stderr } = await carryOut(command, aHostileFolder(), ...args);
    expect(`${stdout}${stderr}`).not.toBe('');
    expect(steeringIn(`${stdout}${stderr}`)).toEqual([]);
  });
});

test('a line of a function’s log steers no terminal, and has what was logged', () => {
  const lines: string[] = [];
  createLogger('validate', (line) => void lines.push(line)).warn(HOSTILE, { [HOSTILE]: HOSTILE });
  expect(lines).toHaveLength(1);
  expect(steeringIn(lines.join(''))).toEqual([]);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ message: HOSTILE, fields: { [HOSTILE]: HOSTILE } });
});
