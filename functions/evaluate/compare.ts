import {
  type Answered,
  answerLines,
  type Scored,
  sumOfTokens,
} from '../../shared/core/evaluation/answers.ts';
import { compareCheckpoints } from '../../shared/core/evaluation/checkpoints.ts';
import { compareAnswers } from '../../shared/core/evaluation/comparison.ts';
import { type EvaluationTask, MEASURES, type MeasureName } from '../../shared/core/evaluation/measures.ts';
import { evaluationTask, type TaskFacts } from '../../shared/core/evaluation/task.ts';
import { answerPriceOf, answersUsd } from '../../shared/core/models/answer-prices.ts';
import { findModel } from '../../shared/core/models/models.ts';
import { evaluated } from '../../shared/core/run/evaluation-events.ts';
import { answersFile, folderOfRun } from '../../shared/core/run/files.ts';
import type { Run } from '../../shared/core/run/run.ts';
import type { RunEvent } from '../../shared/core/run/transitions.ts';
import type { Clock } from '../../shared/ports.ts';
import type { OpenEvaluation } from './evaluation.ts';
import type { EvaluationFilesDeps } from './pieces.ts';

export interface CompareDeps extends EvaluationFilesDeps {
  clock: Clock;
}

/** Compares all answers with what was expected, writes them out, and gives what the document is to say. */
export async function concludeEvaluation(
  deps: CompareDeps,
  run: Run,
  evaluation: OpenEvaluation,
): Promise<RunEvent> {
  const { clock, objects, resultsBucket: bucket } = deps;
  const answers = withoutGaps(evaluation.answered);
  const comparison = compareAnswers({ task: taskOf(run, answers), answers });
  const others = compareCheckpoints(answers, comparison.measure);
  await objects.write(
    { bucket, name: `${folderOfRun(run)}${answersFile}` },
    { body: answerLines(scored(answers, comparison.measure)), contentType: 'application/jsonl' },
  );
  return evaluated(run, {
    ...comparison,
    checkpoints: others?.checkpoints,
    bestCheckpoint: bestOf(others?.best, evaluation),
    message: [comparison.sentence, others?.sentence].filter(Boolean).join(' '),
    answered: answers.length,
    answersFile: `${run.status.folder}${answersFile}`,
    endTime: clock.now().toISOString(),
    isBaseAsked: comparison.base !== undefined,
    ...costOf(evaluation),
  });
}

function bestOf(id: string | undefined, { checkpoints }: OpenEvaluation) {
  const endpoint = id === undefined ? undefined : checkpoints[id];
  return id === undefined || endpoint === undefined ? undefined : { id, endpoint };
}

/** With a base model that was taken away while it was asked nothing is compared. */
function withoutGaps(answered: readonly Answered[]): Answered[] {
  if (answered.every(({ base }) => base !== undefined)) return [...answered];
  return answered.map(({ base: _some, ...answer }) => answer);
}

function taskOf({ spec, status }: Run, answers: readonly Answered[]): EvaluationTask {
  const task = spec.manifest && 'task' in spec.manifest ? spec.manifest.task : undefined;
  return evaluationTask({
    task: task as TaskFacts['task'],
    kind: findModel(spec.plan?.baseModel ?? '')?.kind ?? 'text',
    hasLabels: status.datasets?.dataset_uri?.labels !== undefined,
    expected: answers.map(({ expected }) => expected),
  });
}

function scored(answers: readonly Answered[], measure: MeasureName): Scored[] {
  const { score } = MEASURES[measure];
  return answers.map((answer) => {
    const { expected, tuned, base } = answer;
    return {
      ...answer,
      score: { tuned: score(expected, tuned), base: base === undefined ? undefined : score(expected, base) },
    };
  });
}

function costOf({ answered, baseModel }: OpenEvaluation) {
  const tokens = sumOfTokens(answered);
  const price = answerPriceOf(baseModel);
  if (!tokens) return {};
  return { tokens, usd: price ? Math.round(answersUsd(price, tokens) * 10_000) / 10_000 : null };
}
