import { describe, expect, test } from 'vitest';
import { check } from '../../cli/check/command.ts';
import { aManifest, examples } from '../support/world.ts';
import { aFolder, carryOut } from './command-line.ts';

describe('what is no folder with a manifest', () => {
  test.each([
    ['a folder that is not there', () => `${aFolder({})}/none`, 'does not exist'],
    ['a folder without a manifest', () => aFolder({ 'a.txt': '' }), 'holds no tune.json'],
    [
      'a manifest in YAML',
      () => aFolder({ 'tune.yaml': '' }),
      'but tune.yaml: A manifest is JSON and called tune.json; no other form is read. Write the same keys as JSON into a file called tune.json',
    ],
    [
      'a manifest in YAML that is named itself',
      () => `${aFolder({ 'tune.yaml': '' })}/tune.yaml`,
      'is a file: A manifest is JSON and called tune.json; no other form is read. Write the same keys',
    ],
    ['a misspelt manifest', () => aFolder({ 'Tune.json': '' }), 'Call it tune.json'],
    ['an archive', () => `${aFolder({ 'a.zip': '' })}/a.zip`, 'Unpack it, and name the folder'],
  ])('is told as JSON where that is asked for, and what to do: %s', async (_name, folder, says) => {
    const { code, stdout } = await carryOut(check, folder(), '--json');
    expect({ code, ...JSON.parse(stdout) }).toEqual({
      ...{ code: 2, ok: false },
      problems: [expect.stringContaining(says)],
    });
  });
});

test('a file that is not there is never said to be one that the manifest names for something else', async () => {
  const named = { dataset_uri: 'train.jsonl', evaluation_data_uri: 'tran.jsonl' };
  const dir = aFolder({ 'tune.json': aManifest(named), 'train.jsonl': examples(120) });
  const remedies = (
    JSON.parse((await carryOut(check, dir, '--json')).stdout).issues as { remedy: string }[]
  ).map(({ remedy }) => remedy);
  expect(remedies).toContainEqual(expect.stringContaining('Upload the file'));
  expect(remedies).not.toContainEqual(expect.stringContaining('"train.jsonl"'));
});
