import { byLine } from '../../shared/core/dataset/fix/correction-log.ts';
import { CORRECTIONS, type Correction } from '../../shared/core/issues/corrections.ts';
import type { ManifestCorrection } from '../../shared/core/manifest/correct-manifest.ts';
import type { Copy } from './copy.ts';

/** What was done, in words. */
export const correctionWords = ({ kind, detail }: Pick<Correction, 'kind' | 'detail'>): string =>
  [CORRECTIONS[kind].did, ...(detail === undefined ? [] : [detail])].join(': ');

/** Every correction on a line of its own, as `file:line: what was done`; lines are those of the file as it was. */
export function reportText(
  manifest: string,
  { copies, corrections }: { copies: readonly Copy[]; corrections: readonly ManifestCorrection[] },
): string {
  const ofManifest = corrections.map(({ line, did }) => `${placeIn(manifest, line)} ${did}\n`);
  return [...ofManifest, ...copies.flatMap((copy) => linesOf(copy))].join('');
}

const placeIn = (file: string, line: number | undefined) =>
  line === undefined ? `${file}:` : `${file}:${line}:`;

function linesOf({ source, why, corrections }: Copy): string[] {
  if (why !== undefined) return [`${source}: left as it is: ${why}\n`];
  return [...byLine(corrections.groups())].map(
    ({ line, ...correction }) => `${placeIn(source, line)} ${correctionWords(correction)}\n`,
  );
}
