import { CORRECTIONS, type Correction } from '../../shared/core/issues/corrections.ts';
import type { ManifestCorrection } from '../../shared/core/manifest/correct-manifest.ts';
import type { Copy } from './copy.ts';

/** What was done, in words. */
export const correctionWords = ({ kind, detail }: Pick<Correction, 'kind' | 'detail'>): string =>
  [CORRECTIONS[kind].did, ...(detail === undefined ? [] : [detail])].join(': ');

/** Every correction on a line of its own, as `file:line: what was done`; lines are those of the file as it was. */
export function* reportLines(
  manifest: string,
  { copies, corrections }: { copies: readonly Copy[]; corrections: readonly ManifestCorrection[] },
): Generator<string> {
  for (const { line, did } of corrections) yield `${placeIn(manifest, line)} ${did}\n`;
  for (const copy of copies) yield* linesOf(copy);
}

const placeIn = (file: string, line: number | undefined) =>
  line === undefined ? `${file}:` : `${file}:${line}:`;

function* linesOf({ source, why, corrections, lineLog }: Copy): Generator<string> {
  if (why !== undefined) return yield `${source}: left as it is: ${why}\n`;
  for (const group of corrections.groups()) {
    if (group.count === 0) yield `${source}: ${correctionWords(group)}\n`;
  }
  for (const { line, ...correction } of lineLog.lines()) {
    yield `${placeIn(source, line)} ${correctionWords(correction)}\n`;
  }
}
