import type { LineCorrection } from '../../shared/core/dataset/fix/correction-log.ts';
import { type AppendFile, createAppendFile, readLines } from './append-file.ts';

/** Every corrected line of a file, on disk: a part for each time that the file was written, in the order of its lines. */
export interface LineLog {
  /** Begins a part, to which is added from now on. */
  begin(): void;
  add(correction: LineCorrection): void;
  /** Forgets what was added. */
  clear(): void;
  /** All of them by their lines, when nothing is added any more. */
  lines(): Generator<LineCorrection>;
}

/** Makes an empty log; `newPath` names its files. */
export function createLineLog(newPath: () => string): LineLog {
  let parts: { path: string; file: AppendFile }[] = [];
  return {
    begin() {
      parts.at(-1)?.file.close();
      const path = newPath();
      parts.push({ path, file: createAppendFile(path) });
    },
    add: (correction) => parts.at(-1)?.file.write(`${JSON.stringify(correction)}\n`),
    clear() {
      parts.at(-1)?.file.close();
      parts = [];
    },
    lines() {
      parts.at(-1)?.file.close();
      return inOrder(parts.map(({ path }) => correctionsIn(path)));
    },
  };
}

function* correctionsIn(path: string): Generator<LineCorrection> {
  for (const line of readLines(path)) yield JSON.parse(line) as LineCorrection;
}

/** What was done first comes first, of what was done to one line. */
function* inOrder(parts: readonly Generator<LineCorrection>[]): Generator<LineCorrection> {
  const heads = parts.map((part) => part.next());
  for (;;) {
    let [next, lowest] = [-1, Infinity];
    for (const [index, head] of heads.entries()) {
      if (!head.done && head.value.line < lowest) [next, lowest] = [index, head.value.line];
    }
    const head = heads[next];
    if (!head || head.done) return;
    yield head.value;
    heads[next] = (parts[next] as Generator<LineCorrection>).next();
  }
}
