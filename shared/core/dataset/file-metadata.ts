import { type DatasetIssue, datasetIssue } from '../issues/dataset.ts';
import { FILE_KINDS, fileKindOf } from '../models/file-kinds.ts';
import type { NamedFileAt } from './tallies/named-files.ts';

/** What Cloud Storage says of a file without its content. */
export interface FileMetadata {
  sizeBytes: number;
  contentType?: string | undefined;
}

/** Holds a file that `uri`, a data set, names against what Cloud Storage says of it; undefined when it is not there. */
export function checkFileMetadata(
  { kind, line, path }: NamedFileAt,
  found: FileMetadata | undefined,
  uri: string,
): DatasetIssue[] {
  const at = { uri, line, path };
  if (found === undefined) return [datasetIssue('file_not_found', at, { kind })];
  const { sizeBytes, contentType } = found;
  const most = FILE_KINDS.find((row) => row.kind === kind)?.maxBytes ?? Infinity;
  const stored = fileKindOf(contentType);
  return [
    ...(sizeBytes === 0 ? [datasetIssue('file_without_content', at, { kind })] : []),
    ...(sizeBytes > most ? [datasetIssue('file_too_large', at, { kind, bytes: sizeBytes, most })] : []),
    // A type that is no kind of file, such as application/octet-stream, is what uploads have that name none.
    ...(stored !== undefined && stored !== kind
      ? [datasetIssue('file_kind_differs', at, { kind, stored })]
      : []),
  ];
}
