import { takeLines } from '../../shared/core/dataset/forms/convert-records.ts';
import type { ExampleSplit } from '../../shared/core/dataset/split/split-examples.ts';
import type { Issue } from '../../shared/core/issues/catalog.ts';
import type { IssueLog } from '../../shared/core/issues/issue-log.ts';
import type { Manifest } from '../../shared/core/manifest/manifest.ts';
import { gsUri, parseGsUri } from '../../shared/core/objects/gs-uri.ts';
import { type DataSplit, readByJob } from '../../shared/core/run/dataset-source.ts';
import { evaluationLinesFile, partName } from '../../shared/core/run/files.ts';
import type { Run } from '../../shared/core/run/run.ts';
import { splitRule } from '../../shared/core/run/split-rule.ts';
import type { CheckedData, Conversion } from '../../shared/flows/check-data.ts';
import type { ObjectInfo } from '../../shared/ports.ts';
import { checkEvaluationSize, checkTrainingSize } from './convert.ts';
import type { ValidateDeps } from './deps.ts';
import type { StagedFile } from './stage.ts';

type SplitDeps = Pick<ValidateDeps, 'objects' | 'config'>;

/** Lines that stand in the document; as many as an evaluation of the guide's models has at most. */
const LINES_IN_DOCUMENT = 250;

interface SplitInput {
  draft: Partial<Manifest>;
  staged: StagedFile[];
  checked: Pick<CheckedData, 'split' | 'conversions'>;
  findings: IssueLog<Issue>;
}

/**
 * Writes the training file once more as two, where a part of it is kept for the evaluation, and adds that part as a file of its own.
 * The same upload gives the same bytes, so that a part that is there already is the one.
 */
export async function splitTrainingFile(
  deps: SplitDeps,
  run: Run,
  { draft, staged, checked: { split, conversions }, findings }: SplitInput,
): Promise<StagedFile[]> {
  const whole = staged.find(({ file }) => file.key === 'dataset_uri');
  if (split === undefined || whole === undefined) return staged;
  const parts = { whole, split, conversion: conversions.dataset_uri };
  const [training, evaluation] = [
    await writePart(deps, 'training', parts),
    await writePart(deps, 'evaluation', parts),
  ];
  for (const issue of [
    ...checkTrainingSize(whole, training.sizeBytes, draft),
    ...checkEvaluationSize(whole, { training: training.sizeBytes, evaluation: evaluation.sizeBytes }, draft),
  ])
    findings.add(issue);
  const facts: DataSplit = {
    asked: split.asked,
    ...{ trainingUri: gsUri(training), evaluationUri: gsUri(evaluation) },
    ...{ training: split.examples - split.evaluation.length, evaluation: split.evaluation.length },
    rule: splitRule(split),
    ...(await noteLines(deps, run, split)),
  };
  const { uri, generation } = whole.source;
  const { sizeBytes, crc32c } = evaluation;
  const part = { uri, generation, sizeBytes, crc32c, stagedUri: gsUri(evaluation) };
  const open = () => deps.objects.stream(evaluation);
  return staged.flatMap((file): StagedFile[] =>
    file !== whole
      ? [file]
      : [
          { ...whole, source: { ...whole.source, split: facts } },
          { ...whole, source: part, open, file: { key: 'evaluation_data_uri', uri, chunks: open() } },
        ],
  );
}

interface WholeFile {
  whole: StagedFile;
  split: ExampleSplit;
  conversion: Conversion | undefined;
}

/** Of the file as it was uploaded, whose examples were chosen; a conversion may leave some of them out. */
async function writePart(
  { objects, config }: SplitDeps,
  part: 'training' | 'evaluation',
  { whole, split, conversion }: WholeFile,
): Promise<ObjectInfo> {
  const copy = parseGsUri(readByJob(whole.source));
  if (!copy.ok) throw new RangeError(`a copy lies at ${readByJob(whole.source)}`);
  const kept = new Set(split.evaluation.map(({ example }) => example));
  const object = { bucket: config.resultsBucket, name: partName(copy.name, part) };
  const isTaken = (example: number) => kept.has(example) === (part === 'evaluation');
  const write = conversion?.rewrite ?? takeLines;
  await objects.write(object, {
    body: () => write(whole.open(), { isTaken }),
    contentType: 'application/jsonl',
    ifGenerationMatch: '0',
  });
  const written = await objects.stat(object);
  if (!written) throw new RangeError(`the ${part} part of the copy is gone`);
  return written;
}

/** In the document while they are few, else in a file of the run's folder, which has them for people. */
async function noteLines(
  { objects, config }: SplitDeps,
  run: Run,
  { evaluation }: ExampleSplit,
): Promise<Pick<DataSplit, 'evaluationLines' | 'evaluationLinesFile'>> {
  const lines = evaluation.map(({ line }) => line);
  if (lines.length <= LINES_IN_DOCUMENT) return { evaluationLines: lines };
  const uri = `${run.status.folder}${evaluationLinesFile}`;
  const object = parseGsUri(uri);
  if (!object.ok) throw new RangeError(`the folder of the run is no gs:// URI: ${uri}`);
  await objects.write(
    { bucket: config.resultsBucket, name: object.name },
    { body: `${lines.join('\n')}\n`, contentType: 'text/plain; charset=utf-8', ifGenerationMatch: '0' },
  );
  return { evaluationLinesFile: uri };
}
