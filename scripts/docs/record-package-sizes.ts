// `node scripts/docs/record-package-sizes.ts`: what each installed package takes, in kB, beside the sizes of others that are recorded.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FILE = join(ROOT, 'scripts/docs/package-sizes.json');
const read = (file: string) => JSON.parse(readFileSync(file, 'utf8'));

function bytesOf(folder: string): number {
  return readdirSync(folder, { withFileTypes: true }).reduce((sum, entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'node_modules' ? sum : sum + bytesOf(path);
    return entry.isFile() ? sum + statSync(path).size : sum;
  }, 0);
}

const known: Record<string, number> = read(FILE);
const packages: Record<string, { version: string }> = read(join(ROOT, 'package-lock.json')).packages;
const sizes: Record<string, number> = {};
for (const [path, { version }] of Object.entries(packages).sort()) {
  if (path === '') continue;
  const id = `${path.replace(/^.*node_modules\//, '')}@${version}`;
  const isThere = statSync(join(ROOT, path), { throwIfNoEntry: false })?.isDirectory();
  const size = isThere ? Math.ceil(bytesOf(join(ROOT, path)) / 1000) : known[id];
  if (size !== undefined) sizes[id] = size;
}
writeFileSync(FILE, `${JSON.stringify(sizes, null, 2)}\n`);
