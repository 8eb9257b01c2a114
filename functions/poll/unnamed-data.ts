import { gsUri } from '../../shared/core/objects/gs-uri.ts';
import type { IgnoredUpload } from '../../shared/core/objects/ignored.ts';
import { manifestName } from '../../shared/core/objects/roles.ts';
import {
  folderOf,
  isSaidAlready,
  moreUnnamed,
  moreUnnamedId,
  type UnnamedFiles,
  unnamedId,
  unnamedInFolder,
} from '../../shared/core/objects/unnamed.ts';
import type { UploadedVersion } from '../../shared/core/objects/version.ts';
import { shouldBeNamed } from '../../shared/core/run/inbox-audit.ts';
import type { RunState } from '../../shared/core/run/states.ts';
import { noteIgnored } from '../../shared/flows/note-ignored.ts';
import type { Clock, IgnoredUploads, Logger, RunStore } from '../../shared/ports.ts';

export interface UnnamedDataDeps {
  runs: RunStore;
  ignoredUploads: IgnoredUploads;
  clock: Clock;
  logger: Logger;
  /** How long a data file is given until a manifest names it; 0: for ever. */
  unnamedDataMs: number;
}

/** Looks for data files that no manifest names, page by page, and says so at the end of a look through the inbox. */
export interface UnnamedDataLook {
  /** Whether the page was gone through; false where the time of the tick was over first. */
  see(
    page: readonly UploadedVersion[],
    times: { now: string; since: string },
    isOver: () => boolean,
  ): Promise<boolean>;
  tell(): Promise<void>;
  /** The look begins anew. */
  forget(): void;
}

/** Files that are asked for at the same time. */
const PARALLEL = 10;
/** Folders that have a document of their own, of one look: more are one document together. */
const FOLDERS = 20;
/** Files without a manifest that are counted in one look, each a read of Firestore. */
const COUNTED = 1_000;
/** Files that are known to be named, so that they are not asked for again by this instance. */
const REMEMBERED = 20_000;

/** The manifest beside the data was not read to its end, or has to be corrected first: that is said in its own document. */
const UNDECIDED: readonly RunState[] = ['RECEIVED', 'WAITING', 'REJECTED'];

export function createUnnamedDataLook(deps: UnnamedDataDeps): UnnamedDataLook {
  const named = new Set<string>();
  let found = new Map<string, UnnamedFiles>();
  let counted = 0;
  /** When the look began: all of its pages are judged by that time. */
  let began: string | undefined;

  function forget(): void {
    found = new Map();
    counted = 0;
    began = undefined;
  }

  async function isUnnamed(file: UploadedVersion): Promise<boolean> {
    const uri = gsUri(file);
    if (!named.has(uri) && !(await deps.runs.isNamed(uri))) return true;
    named.add(uri);
    if (named.size > REMEMBERED) named.delete(named.values().next().value ?? '');
    return false;
  }

  return {
    async see(page, times, isOver) {
      const { unnamedDataMs: waitMs } = deps;
      began ??= times.now;
      const judged = { since: times.since, now: began, waitMs };
      const asked = waitMs > 0 ? page.filter((file) => shouldBeNamed(file, judged)) : [];
      const unnamed: UploadedVersion[] = [];
      for (let at = 0; at < asked.length && counted + unnamed.length < COUNTED; at += PARALLEL) {
        if (isOver()) return false;
        const some = asked.slice(at, at + PARALLEL);
        const answers = await Promise.all(some.map(isUnnamed));
        unnamed.push(...some.filter((_, index) => answers[index]));
      }
      for (const file of unnamed) addTo(found, file);
      counted += unnamed.length;
      return true;
    },
    async tell() {
      const folders = [...found.values()];
      const isAll = counted < COUNTED;
      forget();
      for (const folder of folders.slice(0, FOLDERS)) await tellOfFolder(deps, folder);
      const more = folders.slice(FOLDERS);
      if (more.length > 0) await tellOfMore(deps, { ...together(more), isAll });
    },
    forget,
  };
}

function addTo(found: Map<string, UnnamedFiles>, file: UploadedVersion): void {
  const folder = folderOf(file.name);
  const known = found.get(folder);
  const one = { newest: file, files: 1 };
  found.set(folder, known === undefined ? one : together([known, one]));
}

function together(some: readonly UnnamedFiles[]): UnnamedFiles {
  return some.reduce((a, b) => ({
    newest: a.newest.timeCreated >= b.newest.timeCreated ? a.newest : b.newest,
    files: a.files + b.files,
  }));
}

async function tellOfFolder(deps: UnnamedDataDeps, folder: UnnamedFiles): Promise<void> {
  const { bucket, name } = folder.newest;
  await tellOnce(deps, unnamedId(folder.newest), unnamedInFolder(folder, nowOf(deps)), async () => {
    const beside = await deps.runs.newestOf({ bucket, name: `${folderOf(name)}${manifestName}` });
    return beside === undefined || !UNDECIDED.includes(beside.status.state);
  });
}

async function tellOfMore(deps: UnnamedDataDeps, more: UnnamedFiles & { isAll: boolean }): Promise<void> {
  await tellOnce(deps, moreUnnamedId(more.newest), moreUnnamed(more, nowOf(deps)), async () => true);
}

async function tellOnce(
  deps: UnnamedDataDeps,
  id: string,
  upload: IgnoredUpload,
  isTold: () => Promise<boolean>,
): Promise<void> {
  if (isSaidAlready(await deps.ignoredUploads.get(id), upload)) return;
  if (await isTold()) await noteIgnored(deps, id, upload);
}

const nowOf = ({ clock }: UnnamedDataDeps) => clock.now().toISOString();
