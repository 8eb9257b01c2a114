import { createLineSplitter } from '../../shared/core/dataset/lines/splitter.ts';
import { TuneError } from '../../shared/core/errors/errors.ts';
import { type Answered, AnsweredSchema, readAnswerLines } from '../../shared/core/evaluation/answers.ts';
import { checkpointEndpoints } from '../../shared/core/evaluation/checkpoints.ts';
import { type JudgedExample, JudgedSchema } from '../../shared/core/evaluation/judge/verdict.ts';
import { isAskedKind, type Question, questionOf } from '../../shared/core/evaluation/question.ts';
import { type Contestants, contestantsOf, judgeNameAt } from '../../shared/core/evaluation/request.ts';
import { createSample } from '../../shared/core/evaluation/sample.ts';
import { hasBaseAnswers } from '../../shared/core/evaluation/unanswered.ts';
import { findJudge } from '../../shared/core/models/judges.ts';
import { findModel } from '../../shared/core/models/models.ts';
import type { TuningModel } from '../../shared/core/models/tuning-models.ts';
import { parseGsUri } from '../../shared/core/objects/gs-uri.ts';
import { answersPiece, verdictsPiece } from '../../shared/core/run/files.ts';
import type { Run } from '../../shared/core/run/run.ts';
import type { ObjectInfo, ObjectStore } from '../../shared/ports.ts';
import { type EvaluationFilesDeps, type Pieces, readPieces } from './pieces.ts';

/** The answers, by how many were there before. */
export const ANSWER_PIECES: Pieces<Answered> = {
  read: (text) => readAnswerLines(AnsweredSchema, text),
  nameOf: answersPiece,
};

/** What is asked of whom, and what was answered so far, in the order of the questions. */
export interface OpenEvaluation {
  questions: Question[];
  answered: Answered[];
  contestants: Contestants;
  /** Where other checkpoints answer, by their ids. */
  checkpoints: Record<string, string>;
  baseModel: string;
  maxOutputTokens: number;
  /** Who compares the answers, once all are there; undefined where nobody does. */
  judging: OpenJudging | undefined;
  /** False as well once Vertex AI knows the base model no more. */
  isBaseAsked: boolean;
}

/** A judge, and its verdicts so far, in the order of the questions. */
export interface OpenJudging {
  judge: TuningModel;
  /** Its name in the location where it answers. */
  model: string;
  judged: JudgedExample[];
}

/** The verdicts, by how many were there before. */
export const VERDICT_PIECES: Pieces<JudgedExample> = {
  read: (text) => readAnswerLines(JudgedSchema, text),
  nameOf: verdictsPiece,
};

/** The questions of a run, and the answers that earlier calls have left. */
export async function openEvaluation(deps: EvaluationFilesDeps, run: Run): Promise<OpenEvaluation> {
  const { evaluation, endpoint = '' } = run.status;
  const baseModel = run.spec.plan?.baseModel ?? '';
  const base = findModel(baseModel);
  if (!evaluation?.file || !base)
    throw new TuneError('defect', 'the evaluation of the run is not planned', { reason: 'NoEvaluation' });
  const contestants = contestantsOf(endpoint, base);
  const most = evaluation.maxCheckpoints ?? 0;
  const checkpoints = checkpointEndpoints(run.status.result ?? {}, { base, most });
  const questions = await readQuestions(deps, run, evaluation.file);
  const answered = await readPieces(deps, run, ANSWER_PIECES);
  return {
    ...{ questions, answered, contestants, checkpoints, baseModel },
    judging: await openJudging(deps, run),
    maxOutputTokens: evaluation.maxOutputTokens ?? 64,
    isBaseAsked: (evaluation.isBaseAsked ?? false) && answered.every(({ base }) => base !== undefined),
  };
}

async function openJudging(deps: EvaluationFilesDeps, run: Run): Promise<OpenJudging | undefined> {
  const { evaluation, endpoint = '' } = run.status;
  const planned = evaluation?.judge;
  const judge = planned?.state === 'PLANNED' ? findJudge(planned.model) : undefined;
  if (judge === undefined) return undefined;
  return { judge, model: judgeNameAt(endpoint, judge), judged: await readPieces(deps, run, VERDICT_PIECES) };
}

/** What is to be judged now: nothing before all is answered, nor where there is nothing to compare with. */
export function openVerdicts({ questions, answered, judging }: OpenEvaluation): OpenJudging | undefined {
  const isAnswered = answered.length === questions.length && hasBaseAnswers(answered);
  return isAnswered && judging && judging.judged.length < answered.length ? judging : undefined;
}

/** Longer lines are in no file that a model takes. */
const MAX_LINE_BYTES = 32 * 1024 * 1024;

async function readQuestions({ objects }: EvaluationFilesDeps, run: Run, uri: string): Promise<Question[]> {
  const { spec, status } = run;
  const kind = findModel(spec.plan?.baseModel ?? '')?.kind;
  const info = await statOf(objects, uri);
  if (!isAskedKind(kind) || !info) throw gone(uri);
  const sample = createSample(status.evaluation?.examples ?? 0);
  let line = 0;
  const splitter = createLineSplitter({
    maxLineBytes: MAX_LINE_BYTES,
    onLine(bytes, start, end) {
      line += 1;
      const text = bytes.toString('utf8', start, end).trim();
      if (text !== '') sample.add({ line, text });
    },
    onLongLine: () => {
      line += 1;
    },
  });
  for await (const chunk of objects.stream(info)) splitter.push(Buffer.from(chunk));
  splitter.finish();
  const defaultContext = spec.manifest?.default_context;
  return sample.chosen().map((chosen) => questionOf(chosen.text, chosen.line, { kind, defaultContext }));
}

async function statOf(objects: ObjectStore, uri: string): Promise<ObjectInfo | undefined> {
  const parsed = parseGsUri(uri);
  return parsed.ok ? objects.stat(parsed) : undefined;
}

function gone(uri: string): TuneError {
  return new TuneError('permanent', `The evaluation data is not there any more: ${uri}.`, {
    reason: 'DataGone',
    remedy:
      'Keep staged data longer than a run takes (staging_retention_days), and upload the manifest again.',
  });
}
