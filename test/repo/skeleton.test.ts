import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

test('the packages of the design card are dependencies, pinned exactly', () => {
  const { dependencies, devDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
  for (const name of [
    '@google-cloud/functions-framework',
    '@google-cloud/storage',
    '@google-cloud/pubsub',
    '@google-cloud/firestore',
    'google-auth-library',
    'zod',
    'vitest',
  ]) {
    expect({ ...dependencies, ...devDependencies }[name], name).toMatch(/^\d+\.\d+\.\d+$/);
  }
});
