import { editMembers, type MemberEdit } from '../../shared/core/json/edit.ts';
import { correctManifest, type ManifestCorrection } from '../../shared/core/manifest/correct-manifest.ts';
import { type ParsedManifest, parseManifest } from '../../shared/core/manifest/manifest.ts';
import { findModel } from '../../shared/core/models/models.ts';
import { gsUri } from '../../shared/core/objects/gs-uri.ts';
import { type Folder, type FolderData, findData, manifestPath, readManifest } from '../folder/folder.ts';
import type { Copy } from './copy.ts';

/** The manifest of a folder, corrected in itself. */
export interface ManifestCopy {
  /** As it is read in the folder of the original. */
  parsed: ParsedManifest;
  data: FolderData;
  corrections: ManifestCorrection[];
  /** Its text beside these copies; `isContextWritten`: the default context stands in every example. */
  textFor(copies: readonly Copy[], more?: { isContextWritten?: boolean }): string;
}

/** Reads and corrects the manifest of a folder. */
export async function copyManifest(folder: Folder): Promise<ManifestCopy> {
  const bytes = await readManifest(folder);
  const uri = manifestPath(folder.dir);
  const { text: corrected, corrections } = correctManifest(bytes) ?? {
    ...{ text: Buffer.from(bytes).toString('utf8'), corrections: [] },
  };
  const read = (text: string) => parseManifest(Buffer.from(text), { uri });
  const first = read(corrected);
  const { edits, told } = namesInOtherCase(findData(first.draft, folder), first);
  const text = editMembers(corrected, edits);
  const parsed = read(text);
  return {
    ...{ parsed, data: findData(parsed.draft, folder), corrections: [...corrections, ...told] },
    textFor: (copies, { isContextWritten = false } = {}) =>
      editMembers(text, [
        ...copies.flatMap((copy) => nameEdit(copy, { parsed, folder })),
        ...(isContextWritten ? [{ path: pathOf(parsed, 'default_context'), isRemoved: true }] : []),
      ]),
  };
}

const pathOf = ({ locate }: ParsedManifest, key: string) => (locate(key).path ?? key).split('.');

/** `Train.jsonl` where `train.jsonl` lies there: a file is not found by another name. */
function namesInOtherCase({ missing }: FolderData, parsed: ParsedManifest) {
  const found = missing.flatMap(({ key, near, isSameName }) =>
    isSameName && near !== undefined ? [{ key, near }] : [],
  );
  return {
    edits: found.map(({ key, near }): MemberEdit => ({ path: pathOf(parsed, key), value: near })),
    told: found.map(({ key, near }) => ({
      ...{ line: parsed.locate(key).line, did: `${key} is "${near}", as the file is called` },
    })),
  };
}

/** The name of a copy, where it is another than that of its file. */
function nameEdit(
  { key, name, wanted, isOutside }: Copy,
  { parsed, folder }: { parsed: ParsedManifest; folder: Folder },
): MemberEdit[] {
  if (name === wanted && !isOutside) return [];
  const isInBucket = parsed.draft[key]?.startsWith('gs://') && folder.upload;
  const value = isInBucket ? gsUri({ bucket: isInBucket.bucket, name: `${isInBucket.prefix}${name}` }) : name;
  return [{ path: pathOf(parsed, key), value }];
}

/** Whether the examples of a model hold its default context themselves. */
export function holdsContext({ draft }: ParsedManifest): boolean {
  const isSet = draft.default_context !== undefined && draft.default_context !== '';
  return isSet && findModel(draft.base_model ?? '')?.backend === 'tuningJobs';
}
