import type { TuneError } from '../../shared/core/errors/errors.ts';
import { type Answered, answerLines, type Scored } from '../../shared/core/evaluation/answers.ts';
import { compareCheckpoints } from '../../shared/core/evaluation/checkpoints.ts';
import { compareAnswers } from '../../shared/core/evaluation/comparison.ts';
import type { JudgeStatus } from '../../shared/core/evaluation/judge/status.ts';
import { type EvaluationTask, MEASURES, type MeasureName } from '../../shared/core/evaluation/measures.ts';
import { evaluationTask, type TaskFacts } from '../../shared/core/evaluation/task.ts';
import { sumOfTokens } from '../../shared/core/evaluation/tokens.ts';
import { answerPriceOf, answersUsd } from '../../shared/core/models/answer-prices.ts';
import { findModel } from '../../shared/core/models/models.ts';
import { evaluated } from '../../shared/core/run/evaluation-events.ts';
import { answersFile, folderOfRun } from '../../shared/core/run/files.ts';
import type { Run } from '../../shared/core/run/run.ts';
import type { RunEvent } from '../../shared/core/run/transitions.ts';
import type { Clock } from '../../shared/ports.ts';
import type { OpenEvaluation } from './evaluation.ts';
import { judgeMessage, judgeStatusOf, toHundredthsOfACent } from './judged.ts';
import type { EvaluationFilesDeps } from './pieces.ts';

export interface CompareDeps extends EvaluationFilesDeps {
  clock: Clock;
}

/**
 * Compares all answers with what was expected, writes them out, and gives what the document is to say. `failure`: why the judge was given
 * up, where it was.
 */
export async function concludeEvaluation(
  deps: CompareDeps,
  run: Run,
  { evaluation, failure }: { evaluation: OpenEvaluation; failure?: TuneError },
): Promise<RunEvent> {
  const { clock, objects, resultsBucket: bucket } = deps;
  const answers = withoutGaps(evaluation.answered);
  const comparison = compareAnswers({ task: taskOf(run, answers), answers });
  const others = compareCheckpoints(answers, comparison.measure);
  const judge = judgeStatusOf(run.status.evaluation?.judge, evaluation, failure);
  await objects.write(
    { bucket, name: `${folderOfRun(run)}${answersFile}` },
    {
      body: answerLines(withVerdicts(scored(answers, comparison.measure), evaluation)),
      contentType: 'application/jsonl',
    },
  );
  return evaluated(run, {
    ...comparison,
    checkpoints: others?.checkpoints,
    bestCheckpoint: bestOf(others?.best, evaluation),
    message: [comparison.sentence, others?.sentence, judgeMessage(judge)].filter(Boolean).join(' '),
    answered: answers.length,
    answersFile: `${run.status.folder}${answersFile}`,
    endTime: clock.now().toISOString(),
    isBaseAsked: answers.every(({ base }) => base !== undefined),
    judge,
    ...costOf(evaluation, judge),
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

/** The line is that of the answers, and what answered stands in the document. */
function withVerdicts(answers: readonly Scored[], { judging }: OpenEvaluation): Scored[] {
  return answers.map((answer, index) => {
    const verdicts = judging?.judged[index];
    if (verdicts === undefined) return answer;
    const { line: _same, answeredBy: _told, ...judge } = verdicts;
    return { ...answer, judge };
  });
}

function costOf({ answered, baseModel }: OpenEvaluation, judge: JudgeStatus | undefined) {
  const tokens = sumOfTokens(answered);
  const price = answerPriceOf(baseModel);
  if (!tokens) return {};
  const verdicts = judge === undefined ? 0 : (judge.usd ?? (judge.state === 'LEFT_OUT' ? 0 : undefined));
  const isKnown = price !== undefined && verdicts !== undefined;
  return { tokens, usd: isKnown ? toHundredthsOfACent(answersUsd(price, tokens) + verdicts) : null };
}
