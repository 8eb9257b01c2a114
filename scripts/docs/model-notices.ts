import type { Database } from '../../shared/core/run/changes.ts';
import { endingOf } from '../../shared/core/run/model-ending.ts';
import {
  MODEL_ENDING_TYPE,
  type ModelNotice,
  type ModelNoticeData,
  modelNotice,
  noticeMessageOf,
} from '../../shared/core/run/model-notices.ts';
import { newRun } from '../../shared/core/run/new-run.ts';
import type { ModelDocument } from '../../shared/core/tuning/results.ts';
import { code, markdownTable } from './markdown.ts';

/** What each field says. A field without a sentence does not compile. */
const DATA: Readonly<Record<keyof ModelNoticeData, string>> = {
  model: 'The tuned model, without a version.',
  version: 'Its latest version that a run made; the end is that of all.',
  displayName: 'Its name for people.',
  baseModel: 'What was tuned.',
  region: 'Where it is.',
  runId: 'The run that made the latest version.',
  notice: 'The days that the notice is for: 90, 30 or 7; 0: it has ended.',
  day: 'The day on which it ends.',
  daysLeft: 'Days until then: fewer than `notice` where the model was found late.',
  source: 'Who says so, and when that was seen.',
  message: 'The same for people, and what to do.',
  successor: 'The base model to tune next. Absent where none is known that is tuned in the same way.',
  retuneManifest: 'The manifest that tunes it on the same data: upload it as `tune.json`.',
  leftOut: 'Keys of the old manifest that it does not have: look at each, an encryption key above all.',
  document: 'Resource name of the model document, which says the same.',
};

const ENVELOPE: Readonly<Record<'subject' | 'id' | 'time', string>> = {
  subject: 'The model document in the database.',
  id: 'The model, its end and the notice.',
  time: 'When the notice was made.',
};

const ATTRIBUTES: Readonly<Record<string, string>> = {
  model:
    'The id of the model document. No change of a run has it: the filter `attributes:model` hears of models alone.',
  notice: 'As in the data.',
};

/** The part of the page about tuned models that end. */
export function modelEndingSection(database: Database): string[] {
  const notice = exampleNotice(database);
  const { attributes, orderingKey } = noticeMessageOf(notice);
  return [
    '## A tuned model that ends',
    'A tuned model ends on the day on which its base model does. On the same topic a notice comes 90, 30 and 7 days before, and one ' +
      'when it has ended. A model that is found late, since it was tuned late or `poll` stood still, is told of once. Models whose base has ' +
      'no published end, that were made after it, or that the registry has no more are not told of. [Days](models.md) change: ' +
      'a notice of another day has another id.',
    `\`\`\`json\n${JSON.stringify(notice, null, 2)}\n\`\`\``,
    `Its attributes, beside \`content-type\` and the ordering key \`${orderingKey}\`:`,
    table(['attribute', 'what it says'], ATTRIBUTES),
    `\`\`\`json\n${JSON.stringify(attributes, null, 2)}\n\`\`\``,
    `### The event: ${code(MODEL_ENDING_TYPE)}`,
    'Other fields are those of a change; there is no `sequence`.',
    table(['field', 'meaning'], ENVELOPE),
    '### The `data` of a notice',
    table(['field', 'meaning'], DATA),
  ];
}

function table(header: string[], meanings: Readonly<Record<string, string>>): string {
  return markdownTable(
    header,
    Object.entries(meanings).map(([name, text]) => [code(name), text]),
  );
}

function exampleNotice(database: Database): ModelNotice {
  const runId = 'ryl4oqghjiadpwwrohswtn4ibbyhro3mpaikheavp';
  const model: ModelDocument = {
    ...{ model: 'projects/123456789012/locations/us-central1/models/456', version: '1' },
    ...{ displayName: 'reviews', baseModel: 'gemini-2.5-flash-lite', runId, region: 'us-central1' },
    ...{ createTime: '2026-08-01T09:00:00Z', labels: {} },
  };
  const version = { bucket: 'PROJECT-inbox', name: 'reviews/tune.json', generation: '1785574800000000' };
  const uri = 'gs://PROJECT-inbox/reviews/tune.json';
  const time = '2026-08-01T08:00:00Z';
  const run = newRun({ source: { ...version, uri, timeCreated: time }, runId, folder: '' }, time);
  const manifest = {
    ...{ base_model: model.baseModel, dataset_uri: 'gs://project-inbox/reviews/train.jsonl', epoch_count: 4 },
  };
  const end = { day: '2027-01-28', source: 'retirementNotice' } as const;
  const ending = endingOf(
    model,
    { end, daysLeft: 30 },
    { run: { ...run, spec: { ...run.spec, manifest } }, today: '2026-12-29' },
  );
  return modelNotice(model, { ending, notice: 30, time: '2026-12-29T00:00:12.345Z' }, database);
}
