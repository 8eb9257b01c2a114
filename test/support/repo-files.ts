import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const BINARY = /\.(?:png|jpe?g|gif|ico|gz|zip|wasm|db|sqlite)$/;

/** The files of the repository that are text, as paths from its root, without what `.gitignore` names. */
export function repoFiles(pattern = /./): string[] {
  const ignored = ignoredNames();
  const walk = (folder: string): string[] =>
    readdirSync(join(ROOT, folder), { withFileTypes: true })
      .filter(({ name }) => !ignored.some((rule) => rule.test(name)))
      .flatMap((entry) => {
        const path = `${folder}${entry.name}`;
        if (entry.isDirectory()) return walk(`${path}/`);
        return entry.isFile() && !BINARY.test(path) && pattern.test(path) ? [path] : [];
      });
  return walk('').sort();
}

export function readRepoFile(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** `.gitignore` here is a list of plain names, with or without a star; each holds at any depth. */
function ignoredNames(): RegExp[] {
  const lines = readRepoFile('.gitignore')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  return ['.git', ...lines].map((line) => {
    const name = line.replace(/^\*\*\/|^\/|\/$/g, '').replace(/[.+?^${}()|[\]\\]/g, '\\$&');
    return new RegExp(`^${name.replaceAll('*', '.*')}$`);
  });
}
