import type * as z from 'zod';
import { IssueReportSchema } from '../../shared/core/issues/report.ts';
import { IgnoredUploadSchema } from '../../shared/core/objects/ignored.ts';
import { LearntLimitSchema } from '../../shared/core/run/admission.ts';
import { ManifestPointerSchema } from '../../shared/core/run/pointer.ts';
import { RunSchema } from '../../shared/core/run/run.ts';
import { MonthSpendingSchema, ReservationSchema } from '../../shared/core/run/spending.ts';
import { FinishedJobSchema } from '../../shared/core/tuning/duration.ts';
import { ModelEndingSchema, ToldNoticeSchema } from '../../shared/core/tuning/ending.ts';
import { MetricSeriesSchema } from '../../shared/core/tuning/metrics.ts';
import { ModelDocumentSchema } from '../../shared/core/tuning/results.ts';
import { RunProgressSchema } from '../../shared/core/tuning/run-progress.ts';
import { code, heading, markdownTable, pageText } from './markdown.ts';
import { type Field, fieldsOf, type ObjectFields, objectsIn } from './schema-fields.ts';

const HEADER = ['field', 'type', 'meaning'];
const { status, spec, work } = RunSchema.shape;

/** Where everything stands. */
const PLACES =
  '```\n' +
  'runs/{runId}                       the document\n' +
  'runs/{runId}/progress/latest       how far its job is\n' +
  'runs/{runId}/metrics/{name}        one curve each\n' +
  'manifests/{manifestId}             which run a manifest’s path stands for\n' +
  'models/{modelId}                   one tuned model each, as the registry has it, and its end\n' +
  'durations/{model}/jobs/{runId}     how long the job of a run took, under its base model\n' +
  'queues/{kind}                      how many jobs of a kind Vertex AI takes, once it has refused one\n' +
  'uploads/{uploadId}                 uploads that start nothing, though something was meant by them\n' +
  'spending/{folderId}/months/{month} what the runs of a top-level folder cost in a month\n' +
  'spending/{folderId}/runs/{runId}   what one of them has in the sums of its month\n\n' +
  'gs://RESULTS/runs/{folder}/{generation}/status.json\n' +
  'gs://RESULTS/runs/{folder}/{generation}/issues.jsonl    where there are issues\n' +
  '```';

export function renderStatusDocument(): string {
  return pageText(
    heading('The status document', '`shared/core/run/run.ts` and the schemas that it names'),
    'One upload of a manifest is one run, and a run is one document of Firestore: `runs/{runId}`. ' +
      'It has everything that there is to know about the run, in words that need no log beside them. ' +
      '`status.json` in the run’s folder of the results bucket says the same, without `work`, to those who see only files.',
    'Times are RFC 3339 in UTC. A field that has nothing to say is not there. Only the functions write the document. ' +
      'They keep what they do not know, and read what earlier versions wrote; a document of a later version they leave alone.',
    PLACES,
    'The run’s id follows from the manifest’s bucket, name and generation ' +
      '([why](decisions/0001-run-identity.md)). A manifest at the top of the inbox has the folder `runs/{runId}/`.',
    fieldTable(fieldsOf(RunSchema)),
    ...part('status', status),
    ...part('spec', spec),
    ...part('work', work),
    '## `progress/latest`',
    'How far the job of the run is, while it runs. A look at the job writes it where it changed; the run’s own document changes with ' +
      'its state and its reason alone. With up to 20 jobs that run at once there is a look a minute, with 100 one every five minutes.',
    fieldTable(fieldsOf(RunProgressSchema)),
    '### `curves`',
    fieldTable(fieldsOf(RunProgressSchema.shape.curves.unwrap())),
    '## `metrics/{name}`',
    fieldTable(fieldsOf(MetricSeriesSchema)),
    '## `manifests/{manifestId}`',
    'Where somebody who knows a path finds its run. An upload that is skipped, since its bytes were there before or since it is a cancel, ' +
      'stands for no run: the path points to the one that it speaks of.',
    fieldTable(fieldsOf(ManifestPointerSchema)),
    '## `models/{modelId}`',
    fieldTable(fieldsOf(ModelDocumentSchema)),
    '### `ending`',
    'A tuned model ends with its base. `poll` writes this when the model is registered, and anew with each notice, 90, 30 and 7 days ' +
      'before and when it has ended, and where a newer version of the product knows another day.',
    fieldTable(fieldsOf(ModelEndingSchema)),
    '### `told`',
    fieldTable(fieldsOf(ToldNoticeSchema)),
    '## `durations/{model}/jobs/{runId}`',
    'From these `status.expectedDuration` is read: at least three jobs of the same setup, none more than four times as large or as small. ' +
      'A job has a part that does not grow with its data, and nobody says how long that is, so each is read both ways, and the interval holds ' +
      'all of them. A job that took three times as long as half of the others, or a third of that, is left out.',
    fieldTable(fieldsOf(FinishedJobSchema)),
    '## `queues/{kind}`',
    fieldTable(fieldsOf(LearntLimitSchema)),
    '## `spending/{folderId}/months/{month}`',
    'What the runs of a top-level folder cost in a calendar month of UTC. The poll function alone writes it, each time in one transaction ' +
      'with the document of the run beside it, so that what comes twice adds nothing: when a run is let out of its queue, or its job is ' +
      'first seen, and once more at its end. `folderId` is the folder’s name where Firestore takes that as an id, else `=` and a hash of ' +
      'it; `=top` has the manifests at the top of the inbox. A run stays in the month in which it came into the sums, by its one document, whatever the clock of a later function says.',
    fieldTable(fieldsOf(MonthSpendingSchema)),
    '## `spending/{folderId}/runs/{runId}`',
    fieldTable(fieldsOf(ReservationSchema)),
    '## `uploads/{uploadId}`',
    'A file that is almost called `tune.json`, and an archive, start no run; what to do about them stands here and in the log. So does a ' +
      'data file that no manifest names after `UNNAMED_DATA_SECONDS` (an hour, unless the deployment says otherwise), one document for each ' +
      'folder; once a manifest names data of that folder, the document says which. There are ' +
      'at most 1,024 such documents, and Firestore deletes each some 30 days after it was written (`expireAt`).',
    fieldTable(fieldsOf(IgnoredUploadSchema)),
    '## A line of `issues.jsonl`',
    `As in \`status.issues[]\`: ${fieldsOf(IssueReportSchema)
      .map(({ name }) => code(name))
      .join(', ')}.`,
  );
}

/** One part of the document, and a table for each kind of object in it. */
function part(name: string, schema: z.ZodObject): string[] {
  const [own, ...nested] = objectsIn(schema, name);
  const [title = '', ...more] = (schema.description ?? '').split(/(?<=\.) /);
  return [
    `## ${code(name)}: ${lowerFirst(title)}`,
    more.join(' '),
    ...(own ? [fieldTable(own.fields)] : []),
    ...nested.flatMap(section),
  ];
}

function section({ paths, fields }: ObjectFields): string[] {
  return [`### ${headed(paths).map(code).join(', ')}`, fieldTable(fields)];
}

/** Many fields of one object that hold the same have one heading. */
function headed(paths: string[]): string[] {
  const parents = new Set(paths.map((path) => path.slice(0, path.lastIndexOf('.'))));
  const [parent] = parents;
  return paths.length > 3 && parents.size === 1 ? [`${parent}.{key}`] : paths;
}

function fieldTable(fields: Field[]): string {
  return markdownTable(
    HEADER,
    fields.map(({ name, type, isOptional, meaning }) => [
      code(name) + (isOptional ? ' (optional)' : ''),
      code(type),
      meaning,
    ]),
  );
}

function lowerFirst(text: string): string {
  return `${text.slice(0, 1).toLowerCase()}${text.slice(1).replace(/\.$/, '')}`;
}
