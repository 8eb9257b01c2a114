import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleCommandLine } from './bundle.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Of the repository, as they stand. */
const COPIED = { LICENSE: 'LICENSE', 'cli/README.md': 'README.md', docs: 'docs' } as const;

/**
 * What the package runs: much of what the check of a small folder takes is compiling, and the first file is compiled before it can ask
 * that this be kept. It is kept beside the package, as the checkout does; where nothing can be written, or by a Node before 22.1, all is compiled
 * each time.
 */
const START = `#!/usr/bin/env node
require('node:module').enableCompileCache?.(require('node:path').join(__dirname, '../.cache/tunedrop'));
require('./command-line.js');
`;

/** Makes `dist/package`, the command line as a package that needs no other; returns its folder. */
export async function buildPackage(root = ROOT): Promise<string> {
  const folder = join(root, 'dist/package');
  const { code, packages } = await bundleCommandLine(root);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [from, to] of Object.entries(COPIED))
    cpSync(join(root, from), join(folder, to), { recursive: true });
  writeFileSync(join(folder, 'tunedrop.js'), START);
  writeFileSync(join(folder, 'command-line.js'), code);
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifestOf(root), null, 2)}\n`);
  writeFileSync(join(folder, 'third-party-licenses.txt'), licensesOf(root, packages));
  return folder;
}

function manifestOf(root: string) {
  const { name, version, description, license } = readManifest(root);
  return {
    ...{ name, version, description, license, private: true },
    bin: { [name]: 'tunedrop.js' },
    engines: { node: '>=22' },
  };
}

/** Licences ask to be handed on with what they are for. */
function licensesOf(root: string, packages: readonly string[]): string {
  return packages
    .map((path) => {
      const { name, version, license } = readManifest(join(root, path));
      return `${name} ${version} (${license})\n\n${licenseText(join(root, path))}`;
    })
    .join('\n');
}

/** As a package has it: under one of the usual names, or in its README alone. */
function licenseText(folder: string): string {
  const names = readdirSync(folder);
  const file = names.find((name) => /^licen[cs]e/i.test(name));
  if (file !== undefined) return readFileSync(join(folder, file), 'utf8');
  const readme = names.find((name) => /^readme/i.test(name));
  const [, text] =
    /^#+ *licen[cs]e[^\n]*\n+([\s\S]*)$/im.exec(readFileSync(join(folder, readme ?? ''), 'utf8')) ?? [];
  if (text === undefined) throw new Error(`${folder} has no text of its licence`);
  return text;
}

function readManifest(folder: string): Record<'name' | 'version' | 'description' | 'license', string> {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}

if (import.meta.main) await buildPackage();
