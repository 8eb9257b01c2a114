import { formatBytes } from '../../shared/core/report/text.ts';
import { ERASE_LINE, type Terminal } from '../command-line/terminal.ts';
import type { ObjectFacts, Objects } from '../deployment/objects.ts';
import type { FileToUpload, FolderToUpload } from './files.ts';

/**
 * Uploads the data first and the manifest last, so that the run finds all of its data. Where data is replaced, the manifest that is
 * there is taken away before: new data under it would open a run of what it said.
 */
export async function uploadFolder(
  { manifest, data }: FolderToUpload,
  { objects, output }: { objects: Objects; output: Terminal },
): Promise<ObjectFacts> {
  const changed = data.filter(({ isSame }) => !isSame);
  const isReplaced = changed.length > 0 && manifest.there !== undefined;
  if (isReplaced) await objects.remove(manifest, manifest.there?.generation ?? '0');
  for (const file of changed) await uploadOne(file, file.there?.generation ?? '0', { objects, output });
  return uploadOne(manifest, isReplaced ? '0' : (manifest.there?.generation ?? '0'), { objects, output });
}

async function uploadOne(
  file: FileToUpload,
  ifGeneration: string,
  { objects, output }: { objects: Objects; output: Terminal },
): Promise<ObjectFacts> {
  const { path, source } = file;
  const all = source.sizeBytes;
  const onProgress = (bytes: number) => {
    if (!output.isTTY) return;
    const percent = all === 0 ? 100 : Math.floor((100 * bytes) / all);
    output.write(ERASE_LINE, `  ${percent} % of ${path}`.slice(0, (output.columns ?? 80) - 1));
  };
  onProgress(0);
  const facts = await objects.upload(file, source, { ifGeneration, onProgress });
  output.write(...(output.isTTY ? [ERASE_LINE] : []), `  uploaded ${path}, ${formatBytes(all)}\n`);
  return facts;
}
