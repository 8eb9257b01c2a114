import { asTuneError, TuneError } from '../../shared/core/errors/errors.ts';
import { answerLines } from '../../shared/core/evaluation/answers.ts';
import { folderOfRun } from '../../shared/core/run/files.ts';
import type { Run } from '../../shared/core/run/run.ts';
import type { ObjectRef, ObjectStore } from '../../shared/ports.ts';

/** What is asked ten at a time, each ten written as one object that is created once: what is there is never asked again. */

export interface EvaluationFilesDeps {
  objects: ObjectStore;
  resultsBucket: string;
}

/** One kind of rows, as JSON Lines in pieces. */
export interface Pieces<Row> {
  /** Throws for anything else. */
  read: (text: string) => Row[];
  /** The name of a piece in the run's folder, by how many rows were there before it. */
  nameOf: (before: number) => string;
}

/** Rows of a piece: what a crash may have asked in vain. */
export const PIECE = 10;
/** Of these so many at once, each of which asks two models or one of them twice. */
const AT_ONCE = 5;

/** A piece has ten rows. */
const MAX_PIECE_BYTES = 64 * 1024 * 1024;

/** All rows that earlier calls have left: one piece after the other, each named by how many there were before it. */
export async function readPieces<Row>(
  deps: EvaluationFilesDeps,
  run: Run,
  pieces: Pieces<Row>,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (;;) {
    const piece = await readPiece(deps, refOf(deps, run, pieces.nameOf(rows.length)), pieces);
    if (piece.length === 0) return rows;
    rows.push(...piece);
  }
}

async function readPiece<Row>(
  { objects }: EvaluationFilesDeps,
  ref: ObjectRef,
  { read }: Pieces<Row>,
): Promise<Row[]> {
  const info = await objects.stat(ref);
  const bytes = info && (await objects.read(info, MAX_PIECE_BYTES));
  return bytes ? read(new TextDecoder().decode(bytes)) : [];
}

function refOf({ resultsBucket: bucket }: EvaluationFilesDeps, run: Run, name: string): ObjectRef {
  return { bucket, name: `${folderOfRun(run)}${name}` };
}

/**
 * Writes a piece, once, and adds it to the rows that are there: where somebody else has written it meanwhile, theirs counts, and they go
 * on. Throws TuneError.
 */
export async function keepPiece<Row extends object>(
  deps: EvaluationFilesDeps,
  run: Run,
  { rows, piece, pieces }: { rows: Row[]; piece: Row[]; pieces: Pieces<Row> },
): Promise<void> {
  if (piece.length === 0) return;
  const ref = refOf(deps, run, pieces.nameOf(rows.length));
  const isOurs = await deps.objects.write(ref, {
    body: answerLines(piece),
    contentType: 'application/jsonl',
    ifGenerationMatch: '0',
  });
  const there = isOurs ? piece : await readPiece(deps, ref, pieces);
  // An answer of Cloud Storage that was lost looks the same: then the piece is ours all the same.
  if (!isOurs && answerLines(there) !== answerLines(piece)) throw overtaken();
  rows.push(...there);
}

function overtaken(): TuneError {
  return new TuneError('contended', 'Somebody else asks these questions.', { reason: 'Overtaken' });
}

export interface AskedPiece<Row> {
  /** Without a gap, from the first on. */
  piece: Row[];
  /** Why the others are missing. */
  error?: TuneError;
}

/** Asks for each entry, some at once. Of a piece that was interrupted what stands before the interruption is kept. */
export async function askEach<Entry, Row>(
  entries: readonly Entry[],
  ask: (entry: Entry) => Promise<Row>,
): Promise<AskedPiece<Row>> {
  const rows: (Row | undefined)[] = entries.map(() => undefined);
  let error: TuneError | undefined;
  const queue = entries.entries();
  const work = async () => {
    for (const [index, entry] of queue) {
      if (error) return;
      try {
        rows[index] = await ask(entry);
      } catch (thrown) {
        error ??= asTuneError(thrown);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  const gap = rows.indexOf(undefined);
  const piece = (gap < 0 ? rows : rows.slice(0, gap)).filter((row) => row !== undefined);
  return error ? { piece, error } : { piece };
}
