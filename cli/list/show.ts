import { settingsText } from '../../shared/core/manifest/sweep.ts';
import type { Run } from '../../shared/core/run/run.ts';
import { localMinute } from '../command-line/local-time.ts';
import { countOf, shortId, tableLines } from '../command-line/text.ts';
import type { FoundDeployment } from '../deployment/find.ts';
import { deploymentLine } from '../deployment/open.ts';
import type { RunPage } from '../deployment/runs.ts';

const HEADER = ['STATE', 'CREATED', 'RUN', 'BASE MODEL', 'MANIFEST'];

/** The runs as people read them: a line each, no wider than a terminal. */
export function runTable(
  { runs, next, unreadable, isCut }: RunPage,
  { deployment, columns }: { deployment: FoundDeployment; columns: number | undefined },
): string {
  const lines = tableLines([HEADER, ...runs.map(cellsOf)]);
  return [
    `${deploymentLine(deployment)}: ${runs.length === 0 ? 'no run' : countOf(runs.length, 'run')}`,
    ...(runs.length === 0 ? [] : ['', ...lines.map((line) => cutTo(columns, line))]),
    ...(unreadable > 0
      ? ['', `${countOf(unreadable, 'document')} that this version cannot read: left out.`]
      : []),
    ...(isCut ? ['', 'Too many runs to look through them all: --since or --path asks for fewer.'] : []),
    ...(next === undefined ? [] : ['', `Older ones: --after ${next}`]),
    '',
  ].join('\n');
}

function cellsOf({ runId, status, spec }: Run): string[] {
  return [
    status.state,
    localMinute(status.createTime),
    shortId(runId),
    spec.plan?.baseModel ?? spec.manifest?.base_model ?? '',
    spec.source.name + sweepMark({ status, spec }),
  ];
}

/** ` (3 runs)` of the run of a sweep’s manifest, ` #2` of one of these. */
function sweepMark({ status, spec }: Pick<Run, 'status' | 'spec'>): string {
  if (status.sweep) return ` (${status.sweep.runs.length} runs)`;
  return spec.sweepOf ? ` #${spec.sweepOf.index} ${settingsText(spec.sweepOf.settings)}` : '';
}

const cutTo = (columns: number | undefined, line: string) =>
  columns === undefined || line.length < columns ? line : `${line.slice(0, columns - 2)}…`;

/** For programs; what is not known is null. */
export function runsJson({ runs, next, unreadable, isCut }: RunPage, { project, inbox }: FoundDeployment) {
  return {
    ...{ project, inbox },
    runs: runs.map(({ runId, status, spec }) => ({
      runId,
      manifest: spec.source.uri,
      state: status.state,
      reason: status.reason,
      message: status.message,
      baseModel: spec.plan?.baseModel ?? spec.manifest?.base_model ?? null,
      modelDisplayName: spec.plan?.modelDisplayName ?? spec.manifest?.model_display_name ?? null,
      createTime: status.createTime,
      endTime: status.endTime ?? null,
      evaluationUsd: status.evaluation?.usd ?? null,
      costUsd: status.cost?.actual?.usd ?? status.cost?.usd ?? null,
      model: status.model ?? null,
      endpoint: status.endpoint ?? null,
      sweepOf: spec.sweepOf ?? null,
    })),
    next: next ?? null,
    ...{ unreadable, isCut },
  };
}
