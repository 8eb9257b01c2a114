import type { Correction, CorrectionKind } from '../../issues/corrections.ts';

/** What was corrected in a file in one way. */
export interface CorrectionGroup {
  kind: CorrectionKind;
  detail: string | undefined;
  /** Of the file as it was, in their order; none where the file was corrected throughout. */
  lines: readonly number[];
  /** What is to be said of some of the lines alone. */
  details: ReadonlyMap<number, string>;
}

/** Everything that was corrected in a file. */
export interface CorrectionLog {
  add(correction: Correction): void;
  groups(): CorrectionGroup[];
  readonly isEmpty: boolean;
}

type GrowingGroup = CorrectionGroup & { lines: number[]; details: Map<number, string> };

/** Makes an empty log. */
export function createCorrectionLog(): CorrectionLog {
  const groups = new Map<string, GrowingGroup>();
  return {
    add({ kind, line, detail }) {
      const isWhole = line === undefined;
      const key = isWhole ? `${kind} ${detail}` : kind;
      const group: GrowingGroup = groups.get(key) ?? {
        ...{ kind, detail: isWhole ? detail : undefined, lines: [], details: new Map() },
      };
      groups.set(key, group);
      if (isWhole || group.lines.at(-1) === line) return;
      group.lines.push(line);
      if (detail !== undefined) group.details.set(line, detail);
    },
    groups: () => [...groups.values()],
    get isEmpty() {
      return groups.size === 0;
    },
  };
}

/** Every correction by its line, those of the whole file first. */
export function* byLine(groups: readonly CorrectionGroup[]): Generator<Correction> {
  for (const { kind, detail, lines } of groups) if (lines.length === 0) yield { kind, detail };
  const heads = groups.filter(({ lines }) => lines.length > 0).map((group) => ({ ...group, at: 0 }));
  for (;;) {
    let next: (typeof heads)[number] | undefined;
    for (const head of heads) {
      if (head.at === head.lines.length) continue;
      if (!next || (head.lines[head.at] ?? 0) < (next.lines[next.at] ?? 0)) next = head;
    }
    if (!next) return;
    const line = next.lines[next.at] ?? 0;
    yield { kind: next.kind, detail: next.details.get(line), line };
    next.at += 1;
  }
}
