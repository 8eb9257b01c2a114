import { createConverter } from '../../shared/core/dataset/forms/convert.ts';
import { convertLines } from '../../shared/core/dataset/forms/convert-lines.ts';
import type { Manifest } from '../../shared/core/manifest/manifest.ts';
import { gsUri, parseGsUri } from '../../shared/core/objects/gs-uri.ts';
import { convertedName } from '../../shared/core/run/files.ts';
import type { CheckedData, Conversion } from '../../shared/flows/check-data.ts';
import type { ValidateDeps } from './deps.ts';
import type { StagedFile } from './stage.ts';

/**
 * Writes each file that is in another form than the model takes once more, in that form. Only files without errors come here; the
 * same upload gives the same bytes, so that a copy that is there already is the one.
 */
export async function convertFiles(
  deps: Pick<ValidateDeps, 'objects' | 'config'>,
  draft: Partial<Manifest>,
  { staged, checked }: { staged: StagedFile[]; checked: CheckedData },
): Promise<StagedFile[]> {
  return Promise.all(
    staged.map(async (file) => {
      const conversion = checked.conversions[file.file.key];
      return conversion ? convertFile(deps, file, { conversion, draft }) : file;
    }),
  );
}

async function convertFile(
  { objects, config }: Pick<ValidateDeps, 'objects' | 'config'>,
  staged: StagedFile,
  { conversion: { from, to }, draft }: { conversion: Conversion; draft: Partial<Manifest> },
): Promise<StagedFile> {
  const convert = createConverter(from, to, { defaultContext: draft.default_context });
  const parsed = parseGsUri(staged.source.stagedUri);
  if (!convert || !parsed.ok) throw new RangeError(`nothing converts ${from} into ${to}`);
  const object = { bucket: config.resultsBucket, name: convertedName(parsed.name, to) };
  await objects.write(object, {
    body: () => convertLines(staged.open(), convert),
    contentType: 'application/jsonl',
    ifGenerationMatch: '0',
  });
  return { ...staged, source: { ...staged.source, convertedFrom: from, convertedUri: gsUri(object) } };
}
