import { type ComparedFile, type ComparedRuns, spansOf } from '../../shared/core/comparison/compared-runs.ts';
import { formatCount } from '../../shared/core/issues/numbers.ts';
import type { Run } from '../../shared/core/run/run.ts';
import type { ParameterValue } from '../../shared/core/tuning/plan.ts';
import { localMinute } from '../command-line/local-time.ts';
import { alignRows, countOf, shortId } from '../command-line/text.ts';

/** So many spans of lines are named unless all are asked for. */
const MOST_SPANS = 10;

/** For people: what was changed, then what became of it. */
export function showComparison(compared: ComparedRuns, { isWhole }: { isWhole: boolean }): string {
  const { before, after, settings, files, measures } = compared;
  const spans = isWhole ? Number.POSITIVE_INFINITY : MOST_SPANS;
  return [
    ...alignRows(
      [
        ['before', runLine(before)],
        ['after', runLine(after)],
      ],
      '',
    ),
    ...section(
      'Settings',
      rowsOf(settings.map(({ name, before, after }) => [name, change(before, after)])),
      'the same',
    ),
    ...section(
      'Data',
      files.flatMap((file) => fileLines(file, spans)),
      'no file',
    ),
    ...section('Measures', rowsOf(measures.map(measureRow)), 'nothing was measured of either'),
    '',
  ].join('\n');
}

function section(title: string, lines: readonly string[], nothing: string): string[] {
  return lines.length === 0 ? ['', `${title}: ${nothing}`] : ['', title, ...lines];
}

const rowsOf = (rows: readonly (readonly [string, string])[]) => (rows.length === 0 ? [] : alignRows(rows));

const runLine = ({ runId, status, spec }: Run) =>
  `${shortId(runId)}  ${localMinute(status.createTime)}  ${status.state}  ${spec.source.name}`;

const change = (before: ParameterValue | undefined, after: ParameterValue | undefined) =>
  `${before ?? '–'} → ${after ?? '–'}`;

function fileLines({ key, before, after, isSame, rows, notCompared }: ComparedFile, spans: number): string[] {
  if (!before || !after)
    return [`  ${key}  only ${before ? 'before' : 'after'}: ${(before ?? after)?.uri ?? ''}`];
  if (isSame) return [`  ${key}  the same bytes, ${countOf(after.examples ?? 0, 'example')}`];
  const counts = `${formatCount(before.examples ?? 0)} → ${countOf(after.examples ?? 0, 'example')}`;
  if (!rows) return [`  ${key}  ${counts}; lines were not compared: ${notCompared ?? ''}`];
  const { added, removed, changed } = rows;
  const pairs = changed.map(({ before, after }) =>
    before === after ? `${after}` : `${after} (was ${before})`,
  );
  return [
    `  ${key}  ${counts}: ${added.length} added, ${removed.length} removed, ${changed.length} changed`,
    ...named('added', spansOf(added), spans),
    ...named('removed, as lines of the earlier file', spansOf(removed), spans),
    ...named('changed: the same input, another answer', pairs, spans),
  ];
}

function named(what: string, lines: readonly string[], most: number): string[] {
  if (lines.length === 0) return [];
  const more = lines.length > most ? `, and ${formatCount(lines.length - most)} more (--all)` : '';
  return [
    `    ${what}: ${lines.length === 1 && /^\d+$/.test(lines[0] ?? '') ? 'line' : 'lines'} ${lines.slice(0, most).join(', ')}${more}`,
  ];
}

function measureRow({ name, before, after, isShare }: ComparedRuns['measures'][number]): [string, string] {
  const shown = (value: number | undefined) => {
    if (value === undefined) return '–';
    return isShare ? `${(100 * value).toFixed(1)} %` : String(Number(value.toPrecision(4)));
  };
  return [name, `${shown(before)} → ${shown(after)}`];
}

/** For programs; what is not known is null. */
export function comparisonJson({ before, after, settings, files, measures }: ComparedRuns) {
  const facts = ({ runId, status, spec }: Run) => ({
    ...{ runId, state: status.state, createTime: status.createTime },
    manifest: spec.source.uri,
  });
  return {
    before: facts(before),
    after: facts(after),
    settings: settings.map(({ name, before, after }) => ({
      name,
      before: before ?? null,
      after: after ?? null,
    })),
    files: files.map(({ key, before, after, isSame, rows, notCompared }) => ({
      ...{ key, before: before ?? null, after: after ?? null, isSame },
      ...{ rows: rows ?? null, notCompared: notCompared ?? null },
    })),
    measures: measures.map(({ name, before, after }) => ({
      name,
      before: before ?? null,
      after: after ?? null,
    })),
  };
}
