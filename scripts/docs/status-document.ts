import { readFileSync } from 'node:fs';
import { fieldsOf } from './interfaces.ts';
import { code, heading, markdownTable, pageText } from './markdown.ts';
import {
  EVALUATION,
  HISTORY,
  HOW_TO_CALL,
  ISSUE,
  JOB,
  METRICS,
  MODEL,
  PLAN,
  PROGRESS,
  RECORD_STATISTICS,
  RELEVANCE_STATISTICS,
  RESULT,
  SERIES,
  SOURCE,
  SPEC,
  STATISTICS,
  STATUS,
  TRAINING,
  WORK,
} from './run-fields.ts';

type Meanings = Readonly<Record<string, string>>;

const HEADER = ['field', 'type', 'meaning'];
const CORE = new URL('../../shared/core/', import.meta.url);

export function renderStatusDocument(): string {
  return pageText(
    heading('The status document', '`shared/core/run/run.ts` and `scripts/docs/run-fields.ts`'),
    'One upload of a manifest is one run, and a run is one document of Firestore: `runs/{runId}`. ' +
      'It has everything that there is to know about the run, in words that need no log beside them. ' +
      '`status.json` in the run’s folder of the results bucket says the same, without `work`, to those who see only files.',
    'Times are RFC 3339 in UTC. A field that has nothing to say is not there. Only the functions write the document.',
    '```\n' +
      'runs/{runId}                       the document\n' +
      'runs/{runId}/metrics/{name}        one curve each\n' +
      'manifests/{manifestId}             which run is the newest of a manifest’s path\n' +
      'models/{modelId}                   one tuned model each, as the registry has it\n\n' +
      'gs://RESULTS/runs/{folder}/{generation}/status.json\n' +
      'gs://RESULTS/runs/{folder}/{generation}/issues.jsonl    where there are issues\n' +
      '```',
    'The run’s id follows from the manifest’s bucket, name and generation ' +
      '([why](decisions/0001-run-identity.md)). A manifest at the top of the inbox has the folder `runs/{runId}/`.',
    '## `status`: what was observed',
    fieldTable('run/run.ts', 'RunStatus', STATUS),
    '### `status.job`',
    fieldTable('run/run.ts', 'JobStatus', JOB),
    '### `status.progress`',
    fieldTable('tuning/progress.ts', 'Progress', PROGRESS),
    '### `status.result`',
    fieldTable('tuning/results.ts', 'TuningResult', RESULT),
    '### `status.howToCall`',
    fieldTable('tuning/how-to-call.ts', 'HowToCall', HOW_TO_CALL),
    '### `status.metrics`',
    fieldTable('tuning/metrics.ts', 'RunMetrics', METRICS),
    '### `status.metrics.best`',
    fieldTable('tuning/metrics.ts', 'Evaluation', EVALUATION),
    '### `status.issues[]`, and the lines of `issues.jsonl`',
    issueTable(),
    '### `status.datasets.{key}`',
    fieldTable('dataset/statistics.ts', 'DatasetStatistics', STATISTICS),
    'Of the files of embedding tuning, the queries and the corpus have these:',
    fieldTable('dataset/statistics.ts', 'RecordStatistics', RECORD_STATISTICS),
    'and the labels these:',
    fieldTable('dataset/statistics.ts', 'RelevanceStatistics', RELEVANCE_STATISTICS),
    '### `status.history[]`',
    fieldTable('run/run.ts', 'HistoryEntry', HISTORY),
    '## `spec`: what was asked',
    fieldTable('run/run.ts', 'RunSpec', SPEC),
    '### `spec.datasets.{key}`',
    fieldTable('run/run.ts', 'DatasetSource', SOURCE),
    '### `spec.plan`',
    fieldTable('tuning/plan.ts', 'Plan', PLAN),
    '### `spec.plan.training`',
    fieldTable('tuning/plan.ts', 'PlannedTraining', TRAINING),
    '## `work`: what the functions do next',
    'For those who operate the product; nothing else should depend on it.',
    fieldTable('run/run.ts', 'RunWork', WORK),
    '## `metrics/{name}`',
    fieldTable('tuning/metrics.ts', 'MetricSeries', SERIES),
    '## `models/{modelId}`',
    fieldTable('tuning/results.ts', 'ModelDocument', MODEL),
  );
}

/** An issue is a report with the sentences of its text. */
function issueTable(): string {
  const { found, expected, remedy, ...report } = ISSUE;
  return markdownTable(HEADER, [
    ...rowsOf('issues/catalog.ts', 'IssueReport', report),
    ...rowsOf('issues/issue.ts', 'IssueText', { found, expected, remedy }),
  ]);
}

function fieldTable(file: string, interfaceName: string, meanings: Meanings): string {
  return markdownTable(HEADER, rowsOf(file, interfaceName, meanings));
}

function rowsOf(file: string, interfaceName: string, meanings: Meanings): string[][] {
  const fields = fieldsOf(readFileSync(new URL(file, CORE), 'utf8'), interfaceName);
  const lost = Object.keys(meanings).filter((name) => !fields.some((field) => field.name === name));
  if (lost.length > 0) throw new Error(`${interfaceName} in ${file} was read without ${lost.join(', ')}`);
  return fields.map(({ name, type, isOptional }) => [
    code(name) + (isOptional ? ' (optional)' : ''),
    code(type),
    meanings[name] ?? '',
  ]);
}
