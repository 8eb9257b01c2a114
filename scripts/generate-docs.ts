// `npm run docs`: writes the pages of docs/ that follow from tables in the code.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { PAGES } from './docs/pages.ts';

for (const { path, render } of PAGES) {
  const file = fileURLToPath(new URL(`../${path}`, import.meta.url));
  const text = render();
  const isFresh = text === read(file);
  if (!isFresh) writeFileSync(file, text);
  console.log(`${isFresh ? 'fresh  ' : 'written'} ${path}`);
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
