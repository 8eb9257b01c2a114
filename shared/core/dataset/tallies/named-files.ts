import { MAX_FILES_LOOKED_AT, type NamedFileKind } from '../../models/file-kinds.ts';
import type { NamedFilesStatistics } from '../statistics.ts';

/** A file that a part of an example names. */
export interface FilePart {
  uri: string;
  kind: NamedFileKind;
  /** Where in the example. */
  path: string;
}

/** A file, where it is named first. */
export interface NamedFileAt extends FilePart {
  line: number;
}

/** The files that the examples of a data set name. */
export interface NamedFiles {
  /** Undefined where there are none. */
  statistics(): NamedFilesStatistics | undefined;
  /** The first different files in Cloud Storage that may be read. */
  readonly toLookAt: readonly NamedFileAt[];
}

export interface NamedFilesTally extends NamedFiles {
  /** Adds the files of one example; `readable` are those that the job may read. */
  add(files: readonly FilePart[], readable: readonly FilePart[], line: number): void;
}

/** Makes an empty tally, of so many different files as are looked at. */
export function createNamedFiles(): NamedFilesTally {
  const toLookAt = new Map<string, NamedFileAt>();
  const kinds: Record<NamedFileKind, number> = { image: 0, document: 0, audio: 0, video: 0 };
  let examples = 0;
  let byHttps = 0;

  return {
    get toLookAt() {
      return [...toLookAt.values()];
    },
    add(files, readable, line) {
      if (files.length > 0) examples += 1;
      for (const { kind } of files) kinds[kind] += 1;
      for (const file of readable) {
        if (!file.uri.startsWith('gs://')) byHttps += 1;
        else if (toLookAt.size < MAX_FILES_LOOKED_AT && !toLookAt.has(file.uri)) {
          toLookAt.set(file.uri, { ...file, line });
        }
      }
    },
    statistics: () => (examples === 0 ? undefined : { examples, ...kinds, byHttps }),
  };
}
