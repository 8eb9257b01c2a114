import type { IssueLocation } from '../issues/issue.ts';
import { type ManifestIssue, manifestIssue, shown } from '../issues/manifest.ts';
import { endOfTuning } from '../models/lifecycle.ts';
import { findModel, MODELS, type Model, referencesOfFamily } from '../models/models.ts';
import { findNotTunable, type NotTunable, otherGemini } from '../models/not-tunable.ts';
import { sourceText } from '../models/sources.ts';
import { nearest } from './suggestions.ts';

/** What stands before the id of a model where Google's APIs, SDKs and other catalogues name it in full. */
const PREFIXES = [
  /^projects\/[^/]{1,64}\/locations\/[^/]{1,64}\/publishers\/[^/]{1,64}\/models\//,
  /^publishers\/[^/]{1,64}\/models\//,
  /^models\//,
  /^(?:google|meta|meta-llama|qwen)\//,
];

/** A model that a job of ours or of somebody else made, or where it is served. */
const TUNED = /^(?:projects\/[^/]{1,64}\/locations\/[^/]{1,64}\/)?(?:models|endpoints)\/\d{1,20}(?:@|$)/;

/** Versions and stages that Google's ids have had: the model without them is another one, so it is only suggested. */
const SUFFIX = /-(?:\d{3}|latest|(?:preview|exp)(?:-[\d-]{1,12})?)$/;

const ALL: readonly Model[] = MODELS;

/** Every id that means one row and no other: an open model is also known without its publisher and its family. */
const ROWS_BY_ID: ReadonlyMap<string, Model> = new Map(
  ALL.flatMap((model) => idsOf(model).map((id): [string, Model] => [id, model])),
);

/** Google's own models whose end is not fixed: what is offered to who names nothing that is known. */
const LIVING = ALL.filter((model) => model.kind !== 'open' && endOfTuning(model) === undefined).map(
  ({ reference }) => reference,
);

function idsOf({ reference, kind }: Model): string[] {
  if (kind !== 'open') return [reference];
  const withoutPublisher = reference.slice(reference.indexOf('/') + 1);
  return [reference, withoutPublisher, withoutPublisher.slice(withoutPublisher.indexOf('@') + 1)];
}

/** The id in a name, in lower case. */
function idOf(name: string): string {
  const prefix = PREFIXES.find((pattern) => pattern.test(name.toLowerCase()));
  return prefix === undefined ? name.toLowerCase() : name.toLowerCase().replace(prefix, '');
}

/** The row that a name means, with Google's prefixes or not, in capitals or not; undefined where it may mean another. */
export function modelNamed(name: unknown): Model | undefined {
  if (typeof name !== 'string') return undefined;
  const written = name.toLowerCase();
  return findModel(name) ?? ROWS_BY_ID.get(written) ?? ROWS_BY_ID.get(idOf(name));
}

/** Whether a name that means no row is near to one that a compiled pipeline tunes. */
export function isLikePipelineModel(name: string): boolean {
  const [first] = suggestions(idOf(name));
  return first !== undefined && findModel(first)?.backend === 'pipelineJobs';
}

function suggestions(id: string): string[] {
  const family = referencesOfFamily(id);
  if (family.length > 0) return family;
  const plain = ROWS_BY_ID.get(id.replace(SUFFIX, ''));
  if (plain !== undefined) return [plain.reference];
  const longer = [...ROWS_BY_ID].filter(([other]) => id.length > 5 && other.startsWith(id));
  if (longer.length > 0) return [...new Set(longer.map(([, model]) => model.reference))];
  const near = nearest(id, [...ROWS_BY_ID.keys()]);
  const row = near === undefined ? undefined : ROWS_BY_ID.get(near);
  return row === undefined ? [] : [row.reference];
}

/** What is wrong with a name that means no row. */
export function baseModelIssue(name: string, at: IssueLocation): ManifestIssue {
  const found = shown(name);
  const key = at.path ?? 'base_model';
  if (TUNED.test(name)) return manifestIssue('tuned_model_as_base', at, { key, found });
  const id = idOf(name);
  const refused = findNotTunable(id);
  if (refused !== undefined) return notTunable(found, at, refused);
  const versions = referencesOfFamily(id);
  if (versions.length > 0) {
    const write = versions.map((reference) => `"${reference}"`).join(' or ');
    return manifestIssue('model_without_version', at, { key, found, write, ends: endsOf(versions) });
  }
  const meant = suggestions(id);
  const gemini = meant.length === 0 ? otherGemini(id) : undefined;
  if (gemini !== undefined) return notTunable(found, at, gemini);
  const fields = {
    found,
    known: LIVING.join(', '),
    meant: meant.join(' or ') || undefined,
    ends: endsOf(meant),
  };
  return manifestIssue('model_unknown', at, fields);
}

/** Of models that are suggested, which end or have ended, and what follows: nobody is to write one name only to be told the next. */
function endsOf(references: readonly string[]): string | undefined {
  const ends = references.flatMap((reference) => {
    const model = findModel(reference);
    const end = model && endOfTuning(model);
    if (!end) return [];
    const { successor } = model.lifecycle;
    const next = successor === undefined ? '' : `; "${successor}" takes its place`;
    return [`${reference} takes no new tuning jobs from ${end.day} on${next}.`];
  });
  return ends.join(' ') || undefined;
}

function notTunable(found: string, at: IssueLocation, { why, successor, source }: NotTunable): ManifestIssue {
  return manifestIssue('model_not_tunable', at, {
    key: at.path ?? 'base_model',
    found,
    why: typeof why === 'string' ? why : `retired on ${why.retired}`,
    successor,
    source: sourceText(source),
  });
}
