import { checkFileMetadata } from '../core/dataset/file-metadata.ts';
import type { NamedFiles } from '../core/dataset/tallies/named-files.ts';
import type { Issue } from '../core/issues/catalog.ts';
import { parseGsUri } from '../core/objects/gs-uri.ts';
import type { ObjectStore } from '../ports.ts';

export interface Looking {
  /** The data set that names the files. */
  uri: string;
  stat: ObjectStore['stat'];
  onIssue: (issue: Issue) => void;
}

/** Looks at a time: enough to hide the way to Cloud Storage, few enough to leave connections to others. */
const AT_ONCE = 8;

/** Looks at the metadata of the files that a data set names, as far as they are looked at; returns how many that are. */
export async function lookAtFiles(
  { toLookAt }: NamedFiles,
  { uri, stat, onIssue }: Looking,
): Promise<number> {
  const found = new Array<Issue[]>(toLookAt.length);
  const waiting = toLookAt.entries();
  async function look(): Promise<void> {
    for (const [index, file] of waiting) {
      const object = parseGsUri(file.uri);
      const metadata = object.ok ? await stat(object) : undefined;
      found[index] = checkFileMetadata(file, metadata, uri);
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, look));
  for (const issue of found.flat()) onIssue(issue);
  return toLookAt.length;
}
