import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { check } from '../../cli/check/command.ts';
import { fix } from '../../cli/fix/command.ts';
import { DATA_REMEDIES } from '../functions/remedies/data.ts';
import { EMBEDDING_REMEDIES } from '../functions/remedies/embedding.ts';
import { MANIFEST_REMEDIES } from '../functions/remedies/manifest.ts';
import type { Upload } from '../functions/remedies/upload.ts';
import { aFolder, carryOut } from './command-line.ts';

const TRIED = Object.entries({ ...MANIFEST_REMEDIES, ...DATA_REMEDIES, ...EMBEDDING_REMEDIES });

function folderOf({ manifest, files }: Upload): string {
  const dir = join(aFolder({}), 'reviews');
  mkdirSync(dir);
  const isContent = typeof manifest === 'string' || manifest instanceof Uint8Array;
  writeFileSync(join(dir, 'tune.json'), isContent ? manifest : JSON.stringify(manifest));
  for (const [name, content] of Object.entries(files)) {
    if (content !== undefined) writeFileSync(join(dir, name), content);
  }
  return dir;
}

interface Told {
  code: string;
  severity: string;
  remedy: string;
}

const issuesOf = async (dir: string): Promise<Told[]> =>
  JSON.parse((await carryOut(check, dir, '--json')).stdout).issues;
const errorsIn = (issues: Told[]) =>
  issues.filter(({ severity }) => severity === 'error').map(({ code }) => code);

/** The command as a remedy says it, the first of what it offers. */
const argumentsIn = (remedy: string): string[] | undefined =>
  /npx tunedrop fix DIR(.*)$/
    .exec(remedy)?.[1]
    ?.replace(/\|.*$/, '')
    .replace('NAME', 'windows-1252')
    .trim()
    .split(' ')
    .filter((word) => word !== '');

test('whatever says in its remedy that the command does it is gone when the command was run, and nothing new is there', async () => {
  const done: string[] = [];
  for (const [code, { upload }] of TRIED) {
    const dir = folderOf(upload);
    const before = await issuesOf(dir);
    const offered = before.find((issue) => issue.code === code);
    const args = argumentsIn(offered?.remedy ?? '');
    if (args === undefined) continue;
    const { stdout } = await carryOut(fix, dir, ...args, '--json');
    const { out } = JSON.parse(stdout);
    expect({ code, out }).toEqual({ code, out: `${dir}-fixed` });
    const after = await issuesOf(out);
    expect({ code, isThere: after.some((issue) => issue.code === code) }).toEqual({ code, isThere: false });
    expect(errorsIn(after).filter((error) => !errorsIn(before).includes(error))).toEqual([]);
    done.push(code);
  }
  expect(done.toSorted()).toEqual(
    [
      ...[
        'invalid_value',
        'manifest_byte_order_mark',
        'manifest_encoding',
        'unknown_key',
        'manifest_not_json',
      ],
      ...['dataset_blank_lines', 'dataset_field_names', 'dataset_json_array', 'dataset_not_lines'],
      ...['dataset_other_encoding', 'dataset_pretty_printed', 'dataset_utf16', 'dataset_utf8_bom'],
      ...['duplicate_example', 'labels_duplicate', 'line_lone_cr', 'line_unicode_separator', 'line_not_json'],
      ...['token_limit_exceeded', 'role_unknown', 'author_unknown', 'dataset_examples_inside'],
      ...['dataset_not_found', 'dataset_foreign_format', 'example_mixed_format', 'conversion_off'],
      ...['messages_empty', 'table_header_again', 'line_not_utf8', 'line_of_another'],
    ].toSorted(),
  );
}, 120_000);

/** Gone where the records are the same throughout, which only the correction looks at. */
const WITHOUT_A_WORD = new Set(['record_id_duplicate']);

test('whatever is gone when the command was run says so in its remedy', async () => {
  const unsaid: string[] = [];
  for (const [code, { upload }] of TRIED) {
    const dir = folderOf(upload);
    const offered = (await issuesOf(dir)).find((issue) => issue.code === code);
    const { changed, out } = JSON.parse((await carryOut(fix, dir, '--json')).stdout);
    if (!offered || !changed || argumentsIn(offered.remedy) !== undefined) continue;
    const isThere = (await issuesOf(out)).some((issue) => issue.code === code);
    if (!isThere && !WITHOUT_A_WORD.has(code)) unsaid.push(code);
  }
  expect(unsaid).toEqual([]);
}, 120_000);
