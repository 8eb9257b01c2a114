import { FILE_KINDS } from '../../../models/file-kinds.ts';
import { parseGsUri } from '../../../objects/gs-uri.ts';
import type { Reporter } from '../../lines/reporter.ts';
import type { FileTools } from '../../lines/text-file.ts';
import { createNamedFiles, type FilePart, type NamedFiles } from '../../tallies/named-files.ts';

/** What Google's page lets a row name: an object in Cloud Storage, or a file that is public by https. */
const isUri = (uri: string) => parseGsUri(uri).ok || /^https:\/\/./i.test(uri);

export interface FileParts {
  /** Reports files that the job may not read, and notes the others. */
  check(files: readonly FilePart[]): void;
  named: NamedFiles;
}

/** Makes the check of the files that the examples of one data set name. */
export function createFileParts(
  { report, progress }: FileTools,
  mayRead: (uri: string) => boolean = () => true,
): FileParts {
  const named = createNamedFiles();
  return {
    named,
    check(files) {
      if (files.length === 0) return;
      const readable = files.filter(({ uri }) => isUri(uri) && mayRead(uri));
      for (const file of files)
        if (!readable.includes(file)) report('file_not_allowed', {}, { path: file.path });
      named.add(files, readable, progress.line);
    },
  };
}

/** The files of one example of a Gemini model: so many of each kind. */
export function checkFileCounts(files: readonly FilePart[], report: Reporter): void {
  if (files.length === 0) return;
  for (const { kind, most } of FILE_KINDS) {
    const count = files.filter((file) => file.kind === kind).length;
    if (count > most) report('files_too_many', { kind, count, most }, { path: 'contents' });
  }
}
