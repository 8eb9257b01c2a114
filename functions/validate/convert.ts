import type { Issue } from '../../shared/core/issues/catalog.ts';
import { datasetIssue } from '../../shared/core/issues/dataset.ts';
import type { IssueLog } from '../../shared/core/issues/issue-log.ts';
import type { Manifest } from '../../shared/core/manifest/manifest.ts';
import type { DataKey } from '../../shared/core/models/data-keys.ts';
import { evaluationLimits } from '../../shared/core/models/evaluation-limits.ts';
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
  const written = await Promise.all(
    staged.map(async (file) => {
      const conversion = checked.conversions[file.file.key];
      return conversion ? convertFile(deps, file, conversion) : { file, sizeBytes: file.source.sizeBytes };
    }),
  );
  // Of a file that is split, the parts are judged.
  const sizes = checked.split === undefined ? checkConvertedSizes(written, draft) : [];
  for (const issue of sizes) findings.add(issue);
  return written.map(({ file }) => file);
}

interface WrittenFile {
  file: StagedFile;
  sizeBytes: number;
}

/** Files may have other sizes beside each other than those of the uploads. */
function checkConvertedSizes(written: readonly WrittenFile[], draft: Partial<Manifest>): Issue[] {
  const of = (key: DataKey) => written.find(({ file }) => file.file.key === key);
  const [training, evaluation] = [of('dataset_uri'), of('evaluation_data_uri')];
  const sizes = training && evaluation && { training: training.sizeBytes, evaluation: evaluation.sizeBytes };
  return [
    ...(training ? checkTrainingSize(training.file, training.sizeBytes, draft) : []),
    ...(sizes ? checkEvaluationSize(evaluation.file, sizes, draft) : []),
  ];
}

async function convertFile(
  { objects, config }: Pick<ValidateDeps, 'objects' | 'config'>,
  staged: StagedFile,
  conversion: Conversion,
): Promise<WrittenFile> {
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

/** Holds the bytes of an evaluation against those that are trained on. */
export function checkEvaluationSize(
  { file: { uri } }: StagedFile,
  { training, evaluation }: Record<'training' | 'evaluation', number>,
  { base_model }: Partial<Manifest>,
): Issue[] {
  const { isShareOfBytes = false, maxShare = Infinity } = evaluationLimits(findModel(base_model ?? '')) ?? {};
  const most = Math.floor(training * maxShare);
  if (!isShareOfBytes || evaluation <= most) return [];
  const fields = { found: evaluation, most, unit: 'bytes', percent: maxShare * 100 } as const;
  return [datasetIssue('evaluation_too_large', { uri }, fields)];
}
