import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fix } from '../../cli/fix/command.ts';
import { FORM_NAMES } from '../../shared/core/dataset/forms/names.ts';
import { FORMS } from '../../shared/core/dataset/forms/table.ts';
import { FORM_SAMPLES } from '../core/form-samples.ts';
import { aFolder, carryOut } from './command-line.ts';

const GEMINI = { base_model: 'gemini-3.1-flash-lite', dataset_uri: 'train.jsonl' };
const PREFERENCE = { ...GEMINI, base_model: 'gemini-2.5-flash', tuning_method: 'preference' };
const LEAST_ROWS = 12;

/** What a folder with this file is corrected to. */
async function fixedFile(manifest: object, file: string): Promise<string> {
  const dir = join(aFolder({}), 'reviews');
  mkdirSync(dir);
  writeFileSync(join(dir, 'tune.json'), JSON.stringify(manifest));
  writeFileSync(join(dir, 'train.jsonl'), file);
  const { code, stdout } = await carryOut(fix, dir, '--json');
  expect({ code, stdout }).toMatchObject({ code: 0 });
  return readFileSync(join(JSON.parse(stdout).out ?? dir, 'train.jsonl'), 'utf8');
}

/** Lines that are no examples, or no others. */
const extra = fc.constantFrom('', '  ', '{}', 'again', ',');

test('rows of any form with others between them that say nothing are written as the rows alone would be', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...FORM_NAMES),
      fc.array(extra, { minLength: LEAST_ROWS, maxLength: LEAST_ROWS }),
      fc.boolean(),
      async (form, extras, isNumbered) => {
        const manifest = FORMS[form].isPair ? PREFERENCE : GEMINI;
        const rows = extras.map((_, index) => JSON.stringify(FORM_SAMPLES[form](index + 1)));
        const spoilt = rows.flatMap((row, index) => {
          const written = isNumbered ? `${index}) ${row}` : row;
          const after = extras[index] ?? '';
          return after === ',' ? `${written},` : [written, after === 'again' ? row : after];
        });
        const clean = await fixedFile(manifest, `${rows.join('\n')}\n`);
        expect(await fixedFile(manifest, `${spoilt.join('\n')}\n`)).toBe(clean);
        expect(clean.split('\n')).toHaveLength(rows.length + 1);
      },
    ),
    { numRuns: 20 },
  );
});
