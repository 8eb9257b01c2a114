import type { Correction, CorrectionKind } from '../../issues/corrections.ts';

/** A correction of one line. */
export type LineCorrection = Correction & { line: number };

/** What was corrected in a file in one way. */
export interface CorrectionGroup {
  kind: CorrectionKind;
  /** Of a file that was corrected throughout. */
  detail: string | undefined;
  /** How many lines; 0 where the file was corrected throughout. */
  count: number;
  /** The first of them, in the file as it was. */
  lines: readonly number[];
}

/** Counts what is corrected in a file. */
export interface CorrectionLog {
  add(correction: Correction): void;
  /** In the order in which they came first. */
  groups(): CorrectionGroup[];
  readonly isEmpty: boolean;
}

/** So many lines of a group are kept. */
const NAMED_LINES = 10;

type GrowingGroup = CorrectionGroup & { lines: number[]; last: number };

/** Makes an empty log, whose size is that of its kinds; `onLine` gets every corrected line. */
export function createCorrectionLog(onLine: (correction: LineCorrection) => void): CorrectionLog {
  const groups = new Map<string, GrowingGroup>();

  function groupOf({ kind, line, detail }: Correction): GrowingGroup {
    const key = line === undefined ? `${kind} ${detail}` : kind;
    const group = groups.get(key) ?? {
      ...{ kind, detail: line === undefined ? detail : undefined, count: 0, lines: [], last: 0 },
    };
    groups.set(key, group);
    return group;
  }

  return {
    add(correction) {
      const { kind, line, detail } = correction;
      const group = groupOf(correction);
      if (line === undefined || line === group.last) return;
      group.last = line;
      group.count += 1;
      if (group.count <= NAMED_LINES) group.lines.push(line);
      onLine({ kind, line, detail });
    },
    groups: () => [...groups.values()].map(({ last: _last, ...group }) => group),
    get isEmpty() {
      return groups.size === 0;
    },
  };
}
