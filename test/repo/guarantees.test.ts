import { expect, test } from 'vitest';
import { GUARANTEES } from '../../scripts/docs/guarantees.ts';
import { readRepoFile, repoFiles } from '../support/repo-files.ts';

test.each(GUARANTEES)('what proves a promise is there: $promise', ({ proofs }) => {
  expect(proofs).not.toEqual([]);
  for (const { file, name } of proofs) {
    expect(repoFiles()).toContain(file);
    expect(readRepoFile(file)).toContain(name);
  }
});
