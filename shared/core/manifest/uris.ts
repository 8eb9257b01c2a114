import type { Locate } from '../issues/issue.ts';
import { type ManifestIssue, manifestIssue, shown } from '../issues/manifest.ts';
import { DATA_KEYS } from '../models/data-keys.ts';
import { parseGsUri } from '../objects/gs-uri.ts';
import type { ManifestKey } from './keys.ts';
import { DATASET_RESOURCE } from './not-offered.ts';

/** Keys whose value is the `gs://` URI of a directory. */
const DIRECTORY_KEYS: readonly ManifestKey[] = ['output_directory', 'custom_base_model'];

/** Whether the value of a key is the URI of a file or of a directory. */
export function isUriKey(key: ManifestKey): boolean {
  return DIRECTORY_KEYS.includes(key) || (DATA_KEYS as readonly string[]).includes(key);
}

/** Resolves the value of such a key against the manifest's own URI: `..` goes up a folder, nothing else is decoded or shortened. */
export function resolveUri(
  key: ManifestKey,
  value: string,
  { uri, locate }: { uri: string; locate: Locate },
): { resolved: string } | { issue: ManifestIssue } {
  const isDirectory = DIRECTORY_KEYS.includes(key);
  const refuse = (problem: string) => ({
    issue: manifestIssue('uri_invalid', locate(key), { key, found: shown(value), problem, isDirectory }),
  });
  const isAbsolute = value.startsWith('gs://');
  if (value === '') return refuse('empty');
  if (DATASET_RESOURCE.test(value)) {
    return refuse(
      'a data set that Vertex AI keeps, whose examples cannot be read and checked: export it to a file',
    );
  }
  if (/^[A-Za-z][A-Za-z0-9+.-]{0,20}:/.test(value) && !isAbsolute) return refuse('not a gs:// URI');
  if (isDirectory && !isAbsolute) return refuse('not a gs:// URI');
  const outside = { issue: manifestIssue('uri_outside_inbox', locate(key), { key, found: shown(value) }) };
  if (!isAbsolute && value.startsWith('/')) return outside;
  if (!isAbsolute && value.includes('//')) return refuse('with nothing between two slashes');
  const resolved = isAbsolute ? value : goFrom(uri, value);
  if (resolved === undefined) return outside;
  const parsed = parseGsUri(resolved.startsWith('gs://') ? resolved : `gs://local/${withoutUps(value)}`);
  if (!parsed.ok) return refuse(parsed.problem);
  if (!isDirectory && (parsed.name === '' || parsed.name.endsWith('/'))) return refuse('which names no file');
  return { resolved };
}

const UP = '..';

/** Where a relative name leads from the folder of a manifest; undefined where that is out of its bucket. A local path has no top. */
function goFrom(uri: string, value: string): string | undefined {
  const path = uri.split('/').slice(0, -1);
  const top = uri.startsWith('gs://') ? 3 : 0;
  for (const step of value.startsWith('./') ? value.slice(2).split('/') : value.split('/')) {
    if (step !== UP) path.push(step);
    else if (path.length > top && !['', '.', UP].includes(path.at(-1) ?? '')) path.pop();
    else if (top > 0) return undefined;
    else path.push(UP);
  }
  return path.join('/');
}

/** What is left of a name that goes up, for the rules of names. */
function withoutUps(value: string): string {
  const steps = value.startsWith('./') ? value.slice(2).split('/') : value.split('/');
  return steps.filter((step) => step !== UP).join('/');
}
