import type { Locate } from '../issues/issue.ts';
import { distinctIssues, type ManifestIssue, manifestIssue, shown } from '../issues/manifest.ts';
import { type DocumentProblem, type JsonDocument, lineOf, parseStrictJson } from '../json/document.ts';
import type { JsonPath } from '../json/scan.ts';
import { isObject, scalarText } from '../json/values.ts';
import { MANIFEST_FILE } from '../models/limits.ts';
import { findModel } from '../models/models.ts';
import { modelNamed } from './base-model.ts';
import type { Manifest, ManifestKey } from './keys.ts';
import { checkPipelineKeys } from './pipeline-checks.ts';
import { isManifestKey, readKeys } from './read-keys.ts';
import type { ManifestReading } from './reading.ts';
import { readSweep, type Sweep } from './sweep.ts';
import { checkTuningKeys } from './tuning-checks.ts';
import { type LocatePath, understandNames } from './tuning-names.ts';

export { type Manifest, ManifestSchema } from './keys.ts';

export interface ParsedManifest {
  /** Everything that is wrong, in the order of lines. */
  issues: ManifestIssue[];
  /** There when no issue is an error and it is no request to cancel. */
  manifest?: Manifest | undefined;
  /** The keys that are right, even when others are wrong. */
  draft: Partial<Manifest>;
  /** `"cancel": true`: nothing else of the manifest was looked at. */
  isCancel: boolean;
  /** Where a key stands, for issues that are found later. */
  locate: Locate;
  /** What it asks for where lists of values ask for several runs; `manifest` and `draft` are those of the first. */
  sweep?: Sweep | undefined;
}

export interface ManifestSource {
  /** Of the manifest itself, `gs://` or local: relative data URIs start from its folder. */
  uri: string;
  /** The base model of `pre_tuned_model`, for a manifest that leaves base_model out. */
  baseModel?: string | undefined;
}

/** A manifest that is refused before it is read, since its metadata say that it is packed. */
export function packedManifest(uri: string, encoding: string): ParsedManifest {
  const issues = [manifestIssue('manifest_content_encoding', { uri }, { encoding })];
  return { issues, draft: {}, isCancel: false, locate: locateIn(uri) };
}

/** Reads `tune.json`. */
export function parseManifest(bytes: Uint8Array, { uri, baseModel }: ManifestSource): ParsedManifest {
  const json = parseStrictJson(bytes, MANIFEST_FILE);
  const problems = json.ok ? [] : json.problems;
  const document = json.ok ? json : json.salvage;
  const locateWritten = locatorOf(uri, document);
  const found = problems.map((problem) => problemIssue(problem, bytes.length, uri));
  if (document === undefined) return { issues: found, draft: {}, isCancel: false, locate: locateIn(uri) };

  const suspect = new Set(problems.map((problem) => problem.path?.[0]));
  const written = document.value;
  if (!isObject(written)) {
    return {
      issues: [...found, wrongShape(written, uri)],
      draft: {},
      isCancel: false,
      locate: locateIn(uri),
    };
  }
  const names = understandNames(written, locateWritten);
  const { locate } = names;
  const content = withBaseModel(names.content, baseModel);
  if (content.cancel === true && !suspect.has('cancel')) {
    return { issues: [], draft: { cancel: true }, isCancel: true, locate };
  }
  const swept = readSweep(content, locate);
  const isSuspect = (key: ManifestKey) => suspect.has(names.topOf(key));
  const runs = swept.combinations.map((settings) => ({
    settings,
    ...readContent({ ...content, ...settings }, { uri, locate, isSuspect }),
  }));
  const draft = runs[0]?.draft ?? {};
  const mark = document.hasByteOrderMark
    ? [manifestIssue('manifest_byte_order_mark', { uri, line: 1 }, {})]
    : [];
  const ofKeys = distinctIssues([...swept.issues, ...runs.flatMap((run) => run.issues)]);
  const issues = [...mark, ...found, ...names.issues, ...ofKeys.map(asWritten)].sort(
    (a, b) => (a.at.line ?? 0) - (b.at.line ?? 0),
  );
  const isWrong = issues.some((issue) => issue.severity === 'error');
  return {
    issues,
    draft,
    isCancel: false,
    locate,
    manifest: isWrong || !isComplete(draft) ? undefined : draft,
    sweep:
      runs.length > 1
        ? {
            values: swept.values,
            runs: runs.map(({ settings, draft: manifest }) => ({ settings, manifest })),
          }
        : undefined,
  };
}

interface ContentReading {
  uri: string;
  locate: Locate;
  /** Whether the text of a key is broken. */
  isSuspect: (key: ManifestKey) => boolean;
}

/** What the keys of a manifest say, each by itself and beside each other. */
function readContent(
  content: Record<string, unknown>,
  { uri, locate, isSuspect }: ContentReading,
): Pick<ParsedManifest, 'issues' | 'draft'> {
  const keys = readKeys(content, { uri, locate });
  const read = keys.entries.filter(([key]) => !isSuspect(key));
  const together = checkTogether({ content, draft: fromEntries(read), locate });
  return {
    draft: fromEntries(read.filter(([key]) => !isRefused(key, together))),
    issues: [...keys.issues, ...together],
  };
}

/** The base model under Google's plain reference, or the one that is known where the manifest leaves it out. */
function withBaseModel(content: Record<string, unknown>, known: string | undefined): Record<string, unknown> {
  const model = Object.hasOwn(content, 'base_model') ? modelNamed(content.base_model)?.reference : known;
  return model === undefined ? content : { ...content, base_model: model };
}

/** Locates a key when only the manifest's URI is known, not its text. */
export function locateIn(uri: string): Locate {
  return (key, member) => ({ uri, path: displayPath(member === undefined ? [key] : [key, member]) });
}

function locatorOf(uri: string, document: JsonDocument | undefined): LocatePath {
  return (path) => ({ uri, line: document && lineOf(document.places, path), path: displayPath(path) });
}

/** A place in a manifest as issues name it. */
export function displayPath(path: JsonPath): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    if (!/^[A-Za-z_$][\w$-]{0,63}$/.test(step)) return `${text}[${shown(step)}]`;
    return text === '' ? step : `${text}.${step}`;
  }, '');
}

function problemIssue(problem: DocumentProblem, sizeBytes: number, uri: string): ManifestIssue {
  const at = { uri, line: problem.line, path: problem.path && displayPath(problem.path) };
  if (problem.kind === 'size') {
    return manifestIssue('manifest_too_large', at, { sizeBytes, limitBytes: MANIFEST_FILE.maxBytes });
  }
  if (problem.kind === 'duplicate_key') {
    const fields = { key: shown(problem.path?.at(-1)), firstLine: problem.firstLine ?? 1 };
    return manifestIssue('manifest_duplicate_key', at, fields);
  }
  if (problem.kind === 'encoding')
    return manifestIssue('manifest_encoding', at, { problem: problem.problem });
  return manifestIssue('manifest_not_json', at, { problem: `${problem.problem} (column ${problem.column})` });
}

function wrongShape(content: unknown, uri: string): ManifestIssue {
  const problem = Array.isArray(content) ? 'a JSON array' : `the JSON value ${shown(content)}`;
  return manifestIssue('manifest_not_json', { uri, line: 1 }, { problem });
}

// ---- its keys beside each other --------------------------------------------------------------------------------------

/** What the keys of a manifest are checked against beside each other depends on what tunes its model. */
function checkTogether(reading: ManifestReading): ManifestIssue[] {
  const model = findModel(scalarText(reading.content.base_model));
  return model?.backend === 'tuningJobs'
    ? checkTuningKeys(reading, model)
    : checkPipelineKeys(reading, model);
}

/**
 * A value that the model does not take is told once: nothing that comes later looks at it. A method stays, since the data was made
 * for it and would be judged by another form.
 */
function isRefused(key: ManifestKey, issues: readonly ManifestIssue[]): boolean {
  if (key === 'tuning_method') return false;
  return issues.some(({ code, fields }) => code === 'invalid_value' && fields.key === key);
}

/** A sentence names the key as the person wrote it. */
function asWritten(issue: ManifestIssue): ManifestIssue {
  const { at, fields } = issue;
  if (at.path === undefined || !('key' in fields) || !isManifestKey(fields.key) || fields.key === 'labels')
    return issue;
  return { ...issue, fields: { ...fields, key: at.path } } as ManifestIssue;
}

// ---- types -----------------------------------------------------------------------------------------------------------

/** Every entry was read by the schema of its key. */
function fromEntries(entries: readonly [ManifestKey, unknown][]): Partial<Manifest> {
  return Object.fromEntries(entries) as Partial<Manifest>;
}

function isComplete(draft: Partial<Manifest>): draft is Manifest {
  return draft.base_model !== undefined;
}
