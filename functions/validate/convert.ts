import type { Issue } from '../../shared/core/issues/catalog.ts';
import { datasetIssue } from '../../shared/core/issues/dataset.ts';
import type { IssueLog } from '../../shared/core/issues/issue-log.ts';
import type { Manifest } from '../../shared/core/manifest/manifest.ts';
import { findModel } from '../../shared/core/models/models.ts';
import { gsUri, parseGsUri } from '../../shared/core/objects/gs-uri.ts';
import { convertedName } from '../../shared/core/run/files.ts';
import { type CheckedData, type Conversion, conversionFacts } from '../../shared/flows/check-data.ts';
import type { ValidateDeps } from './deps.ts';
import type { StagedFile } from './stage.ts';

/**
 * Writes each file that is in another form than the model takes once more, in that form. Only files without errors come here; the
 * same upload gives the same bytes, so that a copy that is there already is the one.
 */
export async function convertFiles(
  deps: Pick<ValidateDeps, 'objects' | 'config'>,
  draft: Partial<Manifest>,
  { staged, checked, findings }: { staged: StagedFile[]; checked: CheckedData; findings: IssueLog<Issue> },
): Promise<StagedFile[]> {
  return Promise.all(
    staged.map(async (file) => {
      const conversion = checked.conversions[file.file.key];
      if (!conversion) return file;
      const converted = await convertFile(deps, file, conversion);
      // Of a file that is split, the part that is trained on is judged.
      const isWhole = file.file.key !== 'dataset_uri' || checked.split === undefined;
      const sizes = isWhole ? checkTrainingSize(file, converted.sizeBytes, draft) : [];
      for (const issue of sizes) findings.add(issue);
      return converted.file;
    }),
  );
}

async function convertFile(
  { objects, config }: Pick<ValidateDeps, 'objects' | 'config'>,
  staged: StagedFile,
  conversion: Conversion,
): Promise<{ file: StagedFile; sizeBytes: number }> {
  const { to, rewrite } = conversion;
  const parsed = parseGsUri(staged.source.stagedUri);
  if (!parsed.ok) throw new RangeError(`a copy lies at ${staged.source.stagedUri}`);
  const object = { bucket: config.resultsBucket, name: convertedName(parsed.name, to) };
  await objects.write(object, {
    body: () => rewrite(staged.open()),
    contentType: to === 'labels' ? 'text/tab-separated-values' : 'application/jsonl',
    ifGenerationMatch: '0',
  });
  const source = { ...staged.source, ...conversionFacts(conversion), convertedUri: gsUri(object) };
  const copy = await objects.stat(object);
  return { file: { ...staged, source }, sizeBytes: copy?.sizeBytes ?? 0 };
}

/** A copy in the form of the model has more words around the same texts. */
export function checkTrainingSize(
  { file: { key, uri } }: StagedFile,
  bytes: number,
  { base_model }: Partial<Manifest>,
): Issue[] {
  const model = findModel(base_model ?? '');
  if (key !== 'dataset_uri' || model?.backend !== 'tuningJobs') return [];
  const { maxTrainBytes: max } = model.limits;
  return bytes > max ? [datasetIssue('dataset_too_large', { uri }, { bytes, max })] : [];
}
