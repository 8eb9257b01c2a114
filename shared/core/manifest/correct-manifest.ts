/** Corrects in a manifest what can be meant in one way only, and leaves every other character of it as it is. */
import type { ManifestIssue } from '../issues/manifest.ts';
import { editMembers, type MemberEdit, memberPaths } from '../json/edit.ts';
import { recogniseFile } from '../json/file-kind.ts';
import { findJsonFault } from '../json/line.ts';
import { repairOf } from '../json/repair.ts';
import { displayPath, parseManifest } from './manifest.ts';

/** Something that was corrected, on a line of the manifest as it was. */
export interface ManifestCorrection {
  line?: number | undefined;
  did: string;
}

export interface CorrectedManifest {
  text: string;
  corrections: ManifestCorrection[];
}

/** A correction may show another one. */
const MOST_ROUNDS = 10;

/** The manifest with its corrections; undefined where it is no text. */
export function correctManifest(bytes: Uint8Array): CorrectedManifest | undefined {
  const decoded = decode(bytes);
  if (decoded === undefined) return undefined;
  const corrections = [...decoded.corrections];
  let text = repaired(decoded.text, corrections);
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const { issues } = parseManifest(Buffer.from(text), { uri: 'tune.json' });
    const found = firstOfEach(issues.flatMap((issue) => correctionOf(issue, text)));
    const corrected = editMembers(
      text,
      found.map(({ edit }) => edit),
    );
    if (corrected === text) break;
    corrections.push(...found.map(({ correction }) => correction));
    text = corrected;
  }
  return { text, corrections };
}

function decode(bytes: Uint8Array): CorrectedManifest | undefined {
  const file = recogniseFile(bytes);
  if (file.kind === 'compressed') return undefined;
  const isWide = file.kind === 'wide';
  const encoding = isWide ? WIDE[file.encoding] : 'utf-8';
  if (encoding === undefined) return undefined;
  const hasMark = file.kind === 'text' && file.bomBytes > 0;
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
    const written = isWide ? [{ did: `written as UTF-8: from ${file.encoding}` }] : [];
    return { text, corrections: hasMark ? [{ line: 1, did: 'the byte order mark taken out' }] : written };
  } catch {
    return undefined;
  }
}

/** Others are not decoded anywhere. */
const WIDE: Readonly<Record<string, string>> = {
  'UTF-16 text (little-endian)': 'utf-16le',
  'UTF-16 text (big-endian)': 'utf-16be',
};

/** The text without the faults of JSON that have one correction. */
function repaired(text: string, corrections: ManifestCorrection[]): string {
  const fault = findJsonFault(text);
  const row = fault && repairOf(fault.problem);
  const better = row?.repair(text);
  if (fault === undefined || better === undefined || better === text) return text;
  const line = text.slice(0, fault.column).split('\n').length;
  corrections.push({ line, did: row?.did ?? '' });
  return repaired(better, corrections);
}

interface Found {
  edit: MemberEdit;
  correction: ManifestCorrection;
}

/** Of two keys that stand for the same one the second stays. */
function firstOfEach(all: readonly Found[]): Found[] {
  const placeOf = ({ edit: { path, name } }: Found) =>
    displayPath([...path.slice(0, -1), name ?? path.at(-1) ?? '']);
  return all.filter((one, index) => all.findIndex((other) => placeOf(other) === placeOf(one)) === index);
}

function correctionOf(issue: ManifestIssue, text: string): Found[] {
  const { line, path: shownPath } = issue.at;
  const path = memberPaths(text).find((one) => displayPath(one) === shownPath);
  if (path === undefined) return [];
  if (issue.code === 'invalid_value' && issue.fields.right !== undefined) {
    const { right: value, key } = issue.fields;
    return [{ edit: { path, value }, correction: { line, did: `${key} is ${JSON.stringify(value)}` } }];
  }
  if (issue.code === 'unknown_key' && issue.fields.isRespelt && issue.fields.meant !== undefined) {
    const { meant: name, key } = issue.fields;
    const isTaken = memberPaths(text).some(
      (one) => displayPath(one) === displayPath([...path.slice(0, -1), name]),
    );
    if (isTaken) return [];
    return [{ edit: { path, name }, correction: { line, did: `${key} is called ${name}` } }];
  }
  return [];
}
