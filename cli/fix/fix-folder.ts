import {
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, join, resolve } from 'node:path';
import {
  createLineCorrections,
  type LineCorrections,
  type OverLimit,
} from '../../shared/core/dataset/fix/line-corrections.ts';
import { targetOf } from '../../shared/core/dataset/forms/target.ts';
import type { Issue, IssueCode } from '../../shared/core/issues/catalog.ts';
import type { ManifestCorrection } from '../../shared/core/manifest/correct-manifest.ts';
import { forDataCheck } from '../../shared/core/manifest/data-check.ts';
import type { ParsedManifest } from '../../shared/core/manifest/manifest.ts';
import { checkRow } from '../../shared/flows/check-data.ts';
import { checkFolder, type FolderCheck, type FolderCheckOptions } from '../folder/check-folder.ts';
import { type Folder, manifestPath, withoutSlash } from '../folder/folder.ts';
import { createAppendFile } from './append-file.ts';
import { type Copy, type CopyChange, type CopyOptions, changeCopy, copyFile } from './copy.ts';
import { copyManifest, holdsContext } from './manifest-copy.ts';
import { createNames, nameInside } from './names.ts';
import { createNotes, type Notes } from './notes.ts';
import { reportLines } from './report.ts';

/** What is written of every line that was corrected, in the copy of the folder. */
export const REPORT_FILE = 'tunedrop-fix.log';

export interface FixOptions extends Pick<FolderCheckOptions, 'limits' | 'today'> {
  /** Where the copy is written. */
  out: string;
  overLimit?: OverLimit | undefined;
  encoding?: string | undefined;
}

/** What became of a folder. */
export interface FixedFolder {
  /** Whether anything was corrected: else nothing was written. */
  isChanged: boolean;
  copies: Copy[];
  /** Of the manifest. */
  corrections: ManifestCorrection[];
  /** Of the copy where there is one, else of the folder itself. */
  checked: FolderCheck;
}

/** A pass may show what the next one can correct. */
const MOST_PASSES = 10;

/** Why nothing can be written there; undefined where it can. */
export function problemOfOut(out: string, dir: string): string | undefined {
  if (`${resolve(out)}/`.startsWith(`${resolve(dir)}/`)) {
    return `${out} is in ${dir}, which stays as it is: name a folder beside it with --out`;
  }
  const stat = statSync(out, { throwIfNoEntry: false });
  if (!stat || (stat.isDirectory() && readdirSync(out).length === 0)) return undefined;
  return `${out} is there already, and nothing is written over: name another folder with --out`;
}

/** Writes a corrected copy of a folder, which stays as it is. */
export async function fixFolder(folder: Folder, options: FixOptions): Promise<FixedFolder> {
  const { out } = options;
  const unfinished = `${out}.unfinished-${process.pid}`;
  const dir = join(unfinished, basename(resolve(out)));
  mkdirSync(dir, { recursive: true });
  const notes = createNotes(join(unfinished, 'notes'));
  try {
    const done = await correctAll({ folder, work: { ...folder, dir }, notes, options });
    const isChanged =
      done.corrections.length > 0 || done.copies.some(({ corrections }) => !corrections.isEmpty);
    if (!isChanged) return { ...done, isChanged, checked: seenAt(done.checked, placesIn(folder, dir, done)) };
    writeReport(join(dir, REPORT_FILE), reportLines(manifestPath(folder.dir), done));
    if (existsSync(out)) rmdirSync(out);
    renameSync(dir, out);
    return { ...done, isChanged, checked: seenAt(done.checked, [{ from: dir, to: out }]) };
  } finally {
    notes.close();
    rmSync(unfinished, { recursive: true, force: true });
  }
}

interface Place {
  from: string;
  to: string;
}

/** Where the files of a copy that is none come from. */
const placesIn = (folder: Folder, dir: string, { copies }: { copies: readonly Copy[] }): Place[] => [
  ...copies.map(({ name, source }) => ({ from: `${dir}/${name}`, to: source })),
  { from: dir, to: withoutSlash(folder.dir) },
];

function writeReport(path: string, lines: Iterable<string>): void {
  const file = createAppendFile(path);
  for (const line of lines) file.write(line);
  file.close();
}

interface Work {
  folder: Folder;
  /** The folder as it is corrected. */
  work: Folder;
  notes: Notes;
  options: FixOptions;
}

/** Corrects until a check finds nothing more to correct: that one is the check of the copy. */
async function correctAll({ folder, work, notes, options }: Work) {
  const manifest = await copyManifest(folder);
  const copying: CopyOptions = { encoding: options.encoding, nameOf: createNames(), notes };
  const copies: Copy[] = [];
  for (const { key, uri: source } of manifest.data.files) {
    copies.push(await copyFile({ key, source, ...nameInside(folder.dir, source), dir: work.dir }, copying));
  }
  const { parsed, corrections } = manifest;
  const write = (isContextWritten: boolean) =>
    writeFileSync(join(work.dir, 'tune.json'), manifest.textFor(copies, { isContextWritten }));
  let isContextWritten = false;
  write(isContextWritten);
  for (let passes = 1; ; passes++) {
    const found = await findCorrections(copies, { work, parsed, options, copying });
    const isChanged = passes < MOST_PASSES && (await changeCopies(copies, found, copying));
    if (!isChanged) {
      return { copies, corrections, checked: await asUploaded(found, { work, parsed, options }) };
    }
    const isWritten = areConverted(copies, found) && holdsContext(parsed);
    if (isWritten && !isContextWritten)
      corrections.push({ line: parsed.locate('default_context').line, did: CONTEXT_WRITTEN });
    isContextWritten = isWritten;
    write(isContextWritten);
  }
}

const CONTEXT_WRITTEN = 'default_context taken out: each example has it now';

interface Pass {
  work: Folder;
  parsed: ParsedManifest;
  options: FixOptions;
  copying: CopyOptions;
}

/** What a check of all copies shows. */
interface Found {
  checked: FolderCheck;
  changes: Map<Copy, CopyChange>;
}

interface CopySeen {
  lines: LineCorrections;
  /** Whether the model takes it in another form. */
  isConverted: boolean;
  /** Whether it may mean something else than what is read: then it stays, for somebody to say, as the same words are no more in another form. */
  isInDoubt: boolean;
}

const IN_DOUBT: ReadonlySet<IssueCode> = new Set([
  ...(['choices_from_one', 'dialogue_rounds_rare', 'answers_judged'] as const),
]);

/** Checks all copies once; data is converted though the manifest may keep a deployment from it. */
async function findCorrections(
  copies: readonly Copy[],
  { work, parsed, options, copying }: Pass,
): Promise<Found> {
  const draft = forDataCheck(parsed.draft);
  const files = new Map<string, CopySeen>();
  for (const { dir, name, key, sources } of copies) {
    const uri = `${dir}/${name}`;
    const lines = createLineCorrections({
      overLimit: options.overLimit,
      target: targetOf(draft.base_model, draft.tuning_method),
      checkRow: (row) => checkRow(draft, { key, uri }, row),
      sourceOf: sources.of,
      numbers: copying.notes.numbers,
    });
    files.set(uri, { lines, isConverted: false, isInDoubt: false });
  }
  const onIssue = (issue: Issue) => {
    const file = files.get(issue.at.uri);
    file?.lines.note(issue);
    if (file && issue.code === 'dataset_converted') file.isConverted = true;
    if (file && IN_DOUBT.has(issue.code)) file.isInDoubt = true;
  };
  const checked = await checkFolder(work, {
    ...options,
    onIssue,
    isListLeftOut: true,
    isAlwaysConverted: true,
  });
  const changes = new Map<Copy, CopyChange>();
  for (const copy of copies) {
    const file = files.get(`${copy.dir}/${copy.name}`);
    if (copy.why !== undefined || !file) continue;
    const isSound = checked.datasets[copy.key]?.unusableExamples === 0;
    const mayBeWritten = file.isConverted && !file.isInDoubt && isSound;
    const conversion = mayBeWritten ? checked.conversions[copy.key] : undefined;
    changes.set(copy, { lines: file.lines.isNeeded ? file.lines : undefined, conversion });
  }
  return { checked, changes };
}

async function changeCopies(
  copies: readonly Copy[],
  { changes }: Found,
  copying: CopyOptions,
): Promise<boolean> {
  let isChanged = false;
  for (const copy of copies) {
    if (await changeCopy(copy, changes.get(copy) ?? {}, copying)) isChanged = true;
  }
  return isChanged;
}

/** Whether files were written in the form of the model, and none is left that is to be. */
function areConverted(copies: readonly Copy[], { checked, changes }: Found): boolean {
  const isLeft = copies.some((copy) => checked.conversions[copy.key] && !changes.get(copy)?.conversion);
  return !isLeft && copies.some(({ isConverted }) => isConverted);
}

/** The check as an upload would have it: without a conversion that the manifest forbids. */
async function asUploaded(
  { checked }: Found,
  { work, parsed, options }: Pick<Pass, 'work' | 'parsed' | 'options'>,
): Promise<FolderCheck> {
  const isForbidden = parsed.draft.convert === false && Object.keys(checked.conversions).length > 0;
  return isForbidden ? checkFolder(work, { ...options, isListLeftOut: true }) : checked;
}

/** The same check, its files where people know them: in what is said of them too. */
function seenAt(checked: FolderCheck, places: readonly Place[]): FolderCheck {
  const named = (text: string) => places.reduce((seen, { from, to }) => seen.replaceAll(from, to), text);
  const issues = checked.issues.map((issue) => ({
    ...issue,
    file: named(issue.file),
    ...{
      message: named(issue.message),
      found: named(issue.found),
      expected: named(issue.expected),
      remedy: named(issue.remedy),
    },
  }));
  return { ...checked, issues };
}
