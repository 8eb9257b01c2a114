// cloudbuild.yaml against google.devtools.cloudbuild.v1.Build, as Google's client describes it.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { parseDocument } from 'yaml';
import { didYouMean } from './module.ts';

interface Field {
  type: string;
  rule?: 'repeated';
  keyType?: string;
}
interface Described {
  fields?: Record<string, Field>;
  values?: Record<string, number>;
  nested?: Record<string, Described>;
}

const require = createRequire(import.meta.url);
const CLOUDBUILD = 'google.devtools.cloudbuild.v1';
const PROTOS = JSON.parse(
  readFileSync(require.resolve('@google-cloud/cloudbuild/build/protos/protos.json'), 'utf8'),
) as Described;

/** https://cloud.google.com/build/docs/configuring-builds/substitute-variable-values */
const BUILT_IN =
  /^(?:PROJECT_ID|PROJECT_NUMBER|BUILD_ID|LOCATION|TRIGGER_NAME|TRIGGER_BUILD_CONFIG_PATH|COMMIT_SHA|REVISION_ID|SHORT_SHA|REPO_NAME|REPO_FULL_NAME|BRANCH_NAME|TAG_NAME|REF_NAME|SERVICE_ACCOUNT|SERVICE_ACCOUNT_EMAIL|_HEAD_BRANCH|_BASE_BRANCH|_HEAD_REPO_URL|_PR_NUMBER)$/;

/** What is wrong with one build file, as sentences with its path and the place in it. */
export function buildFileFindings(path: string, text: string): string[] {
  const document = parseDocument(text);
  if (document.errors.length > 0)
    return document.errors.map(({ message }) => `${path} is no YAML: ${message}`);
  const build = document.toJS() as Build;
  return [
    ...messageFindings(build, 'Build', ''),
    ...stepFindings(build),
    ...substitutionFindings(text, build),
    ...(build.options?.logging || build.logsBucket
      ? []
      : ['options.logging is not set, which a build with an account of its own needs (CLOUD_LOGGING_ONLY)']),
  ].map((what) => `${path}: ${what}`);
}

interface Step {
  id?: string;
  name?: string;
  args?: unknown[];
  script?: string;
  entrypoint?: string;
  waitFor?: string[];
  automapSubstitutions?: boolean;
}
interface Build {
  steps?: Step[];
  substitutions?: Record<string, string>;
  options?: { logging?: string; automapSubstitutions?: boolean };
  logsBucket?: string;
}

function messageFindings(value: unknown, type: string, place: string): string[] {
  const { fields = {} } = describe(type) ?? {};
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return [`${place} has to be a map (${type})`];
  return Object.entries(value).flatMap(([name, inner]) => {
    const at = place === '' ? name : `${place}.${name}`;
    const key = Object.keys(fields).find((field) => camel(field) === name || field === name);
    const field = key && fields[key];
    if (!field) return [`${at} is no field of ${type}${didYouMean(name, Object.keys(fields).map(camel))}`];
    return fieldFindings(inner, field, at);
  });
}

function fieldFindings(value: unknown, field: Field, place: string): string[] {
  if (field.keyType) {
    const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
    if (!isMap) return [`${place} has to be a map`];
    return Object.entries(value).flatMap(([key, inner]) =>
      plainFindings(inner, field.type, `${place}.${key}`),
    );
  }
  if (field.rule !== 'repeated') return plainFindings(value, field.type, place);
  if (!Array.isArray(value)) return [`${place} has to be a list`];
  return value.flatMap((item, at) => plainFindings(item, field.type, `${place}[${at}]`));
}

function plainFindings(value: unknown, type: string, place: string): string[] {
  const said = JSON.stringify(value);
  if (type === 'string')
    return typeof value === 'string' ? [] : [`${place} is ${said}, but a text is expected`];
  if (type === 'bool')
    return typeof value === 'boolean' ? [] : [`${place} is ${said}, but true or false is expected`];
  if (/^u?int|^double|^float/.test(type))
    return Number.isFinite(Number(value)) ? [] : [`${place} is ${said}, but a number is expected`];
  if (type.endsWith('.Duration'))
    return /^\d+(?:\.\d{1,9})?s$/.test(String(value))
      ? []
      : [`${place} is ${said}, but a duration is in seconds, like "600s"`];
  const described = describe(type);
  if (described?.values) {
    const names = Object.keys(described.values);
    return names.includes(String(value))
      ? []
      : [`${place} is ${said}, but has to be one of ${names.join(', ')}${didYouMean(String(value), names)}`];
  }
  return described?.fields ? messageFindings(value, type, place) : [];
}

/** A message or enum by its name within another, within the package, or in full. */
function describe(type: string): Described | undefined {
  const walk = (path: string[], from: Described | undefined) =>
    path.reduce<Described | undefined>((at, name) => at?.nested?.[name], from);
  const own = walk(CLOUDBUILD.split('.'), PROTOS);
  const path = type.split('.');
  const inside = Object.values(own?.nested ?? {}).map((message) => walk(path, message));
  return walk(path, own) ?? inside.find((found) => found !== undefined) ?? walk(path, PROTOS);
}

function camel(name: string): string {
  return name.replace(/_(\w)/g, (_all, letter: string) => letter.toUpperCase());
}

function stepFindings({ steps = [], options }: Build): string[] {
  if (steps.length === 0) return ['has no steps'];
  const seen = new Set<string>();
  return steps.flatMap((step, at) => {
    const place = `step ${step.id ? `"${step.id}"` : at}`;
    const problems: string[] = [];
    if (!step.name) problems.push(`${place} names no image`);
    else if (!/[:@][\w$]/.test(step.name))
      problems.push(`${place} has the image ${step.name} without a version`);
    for (const other of step.waitFor ?? []) {
      if (other !== '-' && !seen.has(other))
        problems.push(
          `${place} waits for "${other}", which is no step before it${didYouMean(other, [...seen])}`,
        );
    }
    if (step.script && (step.args || step.entrypoint))
      problems.push(`${place} has a script together with args or an entrypoint`);
    const isMapped = step.automapSubstitutions ?? options?.automapSubstitutions;
    if (step.script && /\$\{?_[A-Z]/.test(step.script) && !isMapped)
      problems.push(`${place} uses substitutions in a script without automapSubstitutions`);
    if (step.id && seen.has(step.id)) problems.push(`${place} stands twice`);
    if (step.id) seen.add(step.id);
    return problems;
  });
}

function substitutionFindings(text: string, { substitutions = {}, steps = [] }: Build): string[] {
  const code = text.replace(/^\s*#.*$/gm, '');
  const scripts = steps.map(({ script = '' }) => script).join('\n');
  const used = [...code.matchAll(/(?<!\$)\$(?:\{(?<braced>[A-Z_][A-Z0-9_]*)\}|(?<plain>[A-Z_][A-Z0-9_]*))/g)]
    .map(({ groups }) => groups?.braced ?? groups?.plain ?? '')
    .filter((name) => name.startsWith('_') || !scripts.includes(`$${name}`));
  const declared = Object.keys(substitutions);
  return [
    ...[...new Set(used)]
      .filter((name) => !declared.includes(name) && !BUILT_IN.test(name))
      .map((name) => `uses $${name}, which is no substitution${didYouMean(name, declared)}`),
    ...declared
      .filter((name) => !/^_[A-Z0-9_]+$/.test(name))
      .map((name) => `substitutions.${name} has to begin with _ and be in capitals`),
    ...declared
      .filter((name) => !used.includes(name))
      .map((name) => `substitutions.${name} is used by nothing`),
  ];
}
