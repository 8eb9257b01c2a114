import { describe, expect, test } from 'vitest';
import { models } from '../../cli/models/command.ts';
import { carryOut } from './command-line.ts';

const linesOf = async (...args: string[]) => (await carryOut(models, ...args)).stdout.split('\n');
const rowOf = (lines: string[], reference: string) => lines.find((line) => line.startsWith(`${reference} `));

describe('tunedrop models', () => {
  test('lists what can be tuned, with price and day, and marks what was read long ago', async () => {
    const lines = await linesOf('--as-of', '2026-11-22');
    expect(rowOf(lines, 'gemini-3.1-flash-lite')).toMatch(/ 3\.00 +can be tuned +not before 2027-05-07$/);
    expect(rowOf(lines, 'gemini-2.5-flash')).toMatch(
      / 5\.00 +only for projects that used it before +2027-03-31 +\*$/,
    );
    expect(lines.join('\n')).toContain('look again:\n');
  });

  test('says of a price that nobody found that it is unknown, and leaves closed models to --all', async () => {
    const lines = await linesOf();
    expect(rowOf(lines, 'gemini-3.5-flash-lite')).toMatch(/ unknown /);
    expect(rowOf(lines, 'text-bison@002')).toBeUndefined();
    expect(rowOf(await linesOf('--all'), 'text-bison@002')).toMatch(/ accelerator hours +closed +2024-10-09/);
  });

  test('shows the table as it will be', async () => {
    const later = await linesOf('--as-of', '2027-04-01');
    expect(rowOf(later, 'gemini-2.5-flash')).toBeUndefined();
    expect(rowOf(later, 'gemini-3.1-flash-lite')).toMatch(/ can be tuned, ends soon +not before 2027-05-07/);
  });

  test('marks nothing where every age is allowed', async () => {
    expect((await linesOf('--stale-after', '99999')).join('\n')).not.toContain('*');
  });

  test('gives programs every fact of a row, null for what is not known', async () => {
    const { stdout } = await carryOut(models, '--json', '--as-of', '2026-11-22');
    const { asOf, models: rows } = JSON.parse(stdout);
    expect(asOf).toBe('2026-11-22');
    expect(rows.find(({ model }: { model: string }) => model === 'gemini-3.5-flash-lite')).toMatchObject({
      ...{ standing: 'tunable', price: null, tokenizer: 'gemma3', adapterSizes: [1, 2, 4, 8, 16] },
      until: { day: '2027-07-21', source: 'modelVersions', isEarliest: true },
    });
  });

  test.each(['2027-02-30', 'tomorrow', '2027-1-1'])('%s is no day', async (day) => {
    const { code, stderr } = await carryOut(models, '--as-of', day);
    expect([code, stderr]).toEqual([2, expect.stringContaining('--as-of takes a day such as 2027-01-31')]);
  });
});
