// The npm package that carries the provider's schema as generated code. It is large and only needed here, so it is fetched
// into a folder outside of the repository and is no dependency.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readGenerated } from './cdktf.ts';
import type { BlockSchema } from './schema.ts';

/** The last release; generated from provider hashicorp/google 6.50.0, MPL-2.0. */
export const SCHEMA_PACKAGE = '@cdktf/provider-google@16.12.1';

/** Fetches and unpacks the package with npm; the folder with its `lib`. */
export function fetchPackage(): string {
  const folder = mkdtempSync(join(tmpdir(), 'provider-google-'));
  const options = { cwd: folder, encoding: 'utf8', shell: process.platform === 'win32' } as const;
  const archive = execFileSync('npm', ['pack', SCHEMA_PACKAGE, '--silent'], options).trim();
  execFileSync('tar', ['xzf', archive], options);
  return join(folder, 'package');
}

/** `google_pubsub_topic` lies in `lib/pubsub-topic` as class `PubsubTopic`; a data source keeps the `google`, after `data`. */
export function readPackaged(folder: string, kind: 'resource' | 'data', type: string): BlockSchema {
  const words = (kind === 'data' ? `data_${type}` : type.replace(/^google_/, '')).split('_');
  return readFolder(folder, words.join('-'), words.map(capital).join(''));
}

/** What the block `provider "google"` takes. */
export function readProviderBlock(folder: string): BlockSchema {
  const { attributes: { id: _id, ...attributes } = {}, ...rest } = readFolder(
    folder,
    'provider',
    'GoogleProvider',
  );
  return { attributes, ...rest };
}

function readFolder(folder: string, name: string, className: string): BlockSchema {
  const read = (file: string) => readFileSync(join(folder, 'lib', name, file), 'utf8');
  return readGenerated({ js: read('index.js'), dts: read('index.d.ts') }, className);
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
