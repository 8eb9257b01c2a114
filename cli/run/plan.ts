import { evaluationInShort } from '../../shared/core/evaluation/in-short.ts';
import type { EvaluationStatus } from '../../shared/core/evaluation/status.ts';
import { expectedDurationText } from '../../shared/core/report/headline.ts';
import type { Run } from '../../shared/core/run/run.ts';
import { costText } from '../../shared/core/tuning/cost.ts';
import { alignRows } from '../command-line/text.ts';
import { planRows } from '../plan/summary.ts';

/** Once it has begun it stands beside the result. */
export function isEvaluationToCome(evaluation: EvaluationStatus | undefined): evaluation is EvaluationStatus {
  return evaluation?.state === 'PLANNED' || evaluation?.state === 'LEFT_OUT';
}

/** What will be asked of Vertex AI, in about five lines; none before there is a plan. The embedded cloud bills nobody. */
export function planText(run: Run, { isLocal }: { isLocal: boolean }): string[] {
  const { plan } = run.spec;
  const { cost, evaluation, expectedDuration } = run.status;
  if (plan === undefined) return [];
  const duration = expectedDuration && expectedDurationText(run);
  return alignRows(
    [
      ...planRows(plan),
      ...(cost ? [['cost', `${isLocal ? 'on Google Cloud ' : ''}${costText(cost)}`] as const] : []),
      ...(isEvaluationToCome(evaluation)
        ? [['evaluation', evaluationInShort(evaluation, { isLocal })] as const]
        : []),
      ...(duration ? [['duration', duration] as const] : []),
    ],
    '',
  );
}
