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
import { join, resolve } from 'node:path';
import {
  createLineCorrections,
  type LineCorrections,
  type OverLimit,
} from '../../shared/core/dataset/fix/line-corrections.ts';
import type { Issue } from '../../shared/core/issues/catalog.ts';
import type { ManifestCorrection } from '../../shared/core/manifest/correct-manifest.ts';
import { forDataCheck } from '../../shared/core/manifest/data-check.ts';
import type { ParsedManifest } from '../../shared/core/manifest/manifest.ts';
import { type Conversion, checkRow } from '../../shared/flows/check-data.ts';
import { checkFolder, type FolderCheck, type FolderCheckOptions } from '../folder/check-folder.ts';
import { type Folder, manifestPath } from '../folder/folder.ts';
import { type Copy, type CopyOptions, convertCopy, copyFile, correctLines } from './copy.ts';
import { copyManifest, holdsContext } from './manifest-copy.ts';
import { createNames, nameInside } from './names.ts';
import { reportText } from './report.ts';

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
  const dir = `${out}.unfinished-${process.pid}`;
  mkdirSync(dir, { recursive: true });
  try {
    const work = { ...folder, dir };
    const done = await correctAll(folder, work, options);
    const isChanged =
      done.corrections.length > 0 || done.copies.some(({ corrections }) => !corrections.isEmpty);
    if (!isChanged) return { ...done, isChanged, checked: await checkFolder(folder, options) };
    writeFileSync(join(dir, REPORT_FILE), reportText(manifestPath(folder.dir), done));
    const checked = await checkFolder(work, options);
    if (existsSync(out)) rmdirSync(out);
    renameSync(dir, out);
    return { ...done, isChanged, checked: seenIn(checked, { from: dir, to: out }) };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

async function correctAll(folder: Folder, work: Folder, options: FixOptions) {
  const manifest = await copyManifest(folder);
  const copying: CopyOptions = { encoding: options.encoding, nameOf: createNames() };
  const copies: Copy[] = [];
  for (const { key, uri: source } of manifest.data.files) {
    copies.push(await copyFile({ key, source, ...nameInside(folder.dir, source), dir: work.dir }, copying));
  }
  const { parsed, corrections } = manifest;
  const write = (text: string) => writeFileSync(join(work.dir, 'tune.json'), text);
  for (let pass = 0; pass < MOST_PASSES; pass++) {
    write(manifest.textFor(copies));
    const { isChanged, areConverted } = await correctOnce(copies, { work, parsed, options, copying });
    if (isChanged) continue;
    const isContextWritten = areConverted && holdsContext(parsed);
    if (isContextWritten)
      corrections.push({ line: parsed.locate('default_context').line, did: CONTEXT_WRITTEN });
    write(manifest.textFor(copies, { isContextWritten }));
    break;
  }
  return { copies, corrections };
}

const CONTEXT_WRITTEN = 'default_context taken out: each example has it now';

interface Pass {
  work: Folder;
  parsed: ParsedManifest;
  options: FixOptions;
  copying: CopyOptions;
}

interface PassResult {
  isChanged: boolean;
  /** Whether files were written in the form of the model, and none is left that is to be. */
  areConverted: boolean;
}

/** Checks all copies once and corrects what that shows. */
async function correctOnce(
  copies: readonly Copy[],
  { work, parsed, options, copying }: Pass,
): Promise<PassResult> {
  const draft = forDataCheck(parsed.draft);
  const found = new Map<string, { lines: LineCorrections; isConverted: boolean }>();
  for (const { dir, name, key, sources } of copies) {
    const uri = `${dir}/${name}`;
    const lines = createLineCorrections({
      overLimit: options.overLimit,
      checkRow: (row) => checkRow(draft, { key, uri }, row),
      sourceOf: sources.of,
    });
    found.set(uri, { lines, isConverted: false });
  }
  const onIssue = (issue: Issue) => {
    const file = found.get(issue.at.uri);
    file?.lines.note(issue);
    if (file && issue.code === 'dataset_converted') file.isConverted = true;
  };
  const { conversions, datasets } = await checkFolder(work, {
    ...options,
    onIssue,
    isCostLeftOut: true,
    isAlwaysConverted: true,
  });
  let isChanged = false;
  for (const copy of copies) {
    const file = found.get(`${copy.dir}/${copy.name}`);
    const isSound = datasets[copy.key]?.unusableExamples === 0;
    const conversion: Conversion | undefined =
      file?.isConverted && isSound ? conversions[copy.key] : undefined;
    if (copy.why === undefined && file?.lines.isNeeded && (await correctLines(copy, file.lines)))
      isChanged = true;
    else if (copy.why === undefined && conversion) {
      await convertCopy(copy, conversion, copying);
      isChanged = true;
    }
  }
  const wasWritten = copies.some(({ corrections }) =>
    corrections.groups().some(({ kind }) => kind === 'form'),
  );
  return { isChanged, areConverted: wasWritten && Object.keys(conversions).length === 0 };
}

/** The same check, its files where they are now. */
function seenIn(checked: FolderCheck, { from, to }: { from: string; to: string }): FolderCheck {
  const moved = (issues: FolderCheck['issues']) =>
    issues.map((issue) => ({ ...issue, file: issue.file.replace(from, to) }));
  return { ...checked, issues: moved(checked.issues), allIssues: () => moved(checked.allIssues()) };
}
