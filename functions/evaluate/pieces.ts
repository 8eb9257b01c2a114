import { asTuneError, TuneError } from '../../shared/core/errors/errors.ts';
import {
  type Answered,
  answerLines,
  endOfPrompt,
  sumOfTokens,
} from '../../shared/core/evaluation/answers.ts';
import type { Question } from '../../shared/core/evaluation/question.ts';
import { requestOf } from '../../shared/core/evaluation/request.ts';
import type { Run } from '../../shared/core/run/run.ts';
import type { Clock, Logger, ModelAnswer, ModelAsker } from '../../shared/ports.ts';
import { type EvaluationFilesDeps, type OpenEvaluation, pieceOf, readPiece } from './evaluation.ts';

export interface PiecesDeps extends EvaluationFilesDeps {
  asker: ModelAsker;
  clock: Clock;
  logger: Logger;
}

/** Examples of a piece: what a crash may have asked in vain. */
const PIECE = 10;
/** Of these so many at once, each of two models. */
const AT_ONCE = 5;

/**
 * Asks the next examples and writes what was answered, once: where somebody else has written that piece meanwhile, theirs counts, and
 * they go on. Of a piece that was interrupted what stands before the interruption is kept. Throws TuneError.
 */
export async function answerNext(deps: PiecesDeps, run: Run, evaluation: OpenEvaluation): Promise<void> {
  const { answered, questions } = evaluation;
  const before = answered.length;
  const { piece, error } = await askPiece(deps, evaluation, questions.slice(before, before + PIECE));
  if (before === 0 && !error && piece.every(({ refused }) => refused !== undefined)) throw allRefused(piece);
  if (piece.length > 0) {
    const isOurs = await deps.objects.write(pieceOf(deps, run, before), {
      body: answerLines(piece),
      contentType: 'application/jsonl',
      ifGenerationMatch: '0',
    });
    const there = isOurs ? piece : await readPiece(deps, run, before);
    // An answer of Cloud Storage that was lost looks the same: then the piece is ours all the same.
    if (!isOurs && answerLines(there) !== answerLines(piece)) throw overtaken();
    answered.push(...there);
  }
  if (error) throw error;
}

interface AskedPiece {
  /** Answers without a gap, from the first on. */
  piece: Answered[];
  /** Why the others are missing. */
  error?: TuneError;
}

async function askPiece(
  deps: PiecesDeps,
  evaluation: OpenEvaluation,
  questions: Question[],
): Promise<AskedPiece> {
  const answers: (Answered | undefined)[] = questions.map(() => undefined);
  let error: TuneError | undefined;
  const queue = questions.entries();
  const work = async () => {
    for (const [index, question] of queue) {
      if (error) return;
      try {
        answers[index] = await askBoth(deps, evaluation, question);
      } catch (thrown) {
        error ??= asTuneError(thrown);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  const gap = answers.indexOf(undefined);
  const piece = (gap < 0 ? answers : answers.slice(0, gap)).filter((answer) => answer !== undefined);
  return error ? { piece, error } : { piece };
}

async function askBoth(deps: PiecesDeps, evaluation: OpenEvaluation, question: Question): Promise<Answered> {
  const [tuned, base, checkpoints] = await Promise.all([
    askTuned(deps, evaluation, question),
    evaluation.isBaseAsked ? askBase(deps, evaluation, question) : undefined,
    askCheckpoints(deps, evaluation, question),
  ]);
  const { line, prompt, expected } = question;
  return {
    ...{ line, prompt: endOfPrompt(prompt), expected },
    ...{ tuned: tuned.text, base: base?.text, checkpoints: textsOf(checkpoints) },
    tokens: sumOfTokens([tuned, ...(base ? [base] : []), ...Object.values(checkpoints)]),
    refused: tuned.refused,
  };
}

/** A question that Vertex AI refuses for what it is, is answered by nothing; whatever may pass is thrown. */
async function askTuned(deps: PiecesDeps, evaluation: OpenEvaluation, question: Question) {
  try {
    return { ...(await ask(deps, evaluation, question, evaluation.contestants.tuned)), refused: undefined };
  } catch (thrown) {
    const { kind, httpStatus, message } = asTuneError(thrown);
    if (kind !== 'permanent' || httpStatus !== 400) throw thrown;
    return { text: '', tokens: undefined, refused: message };
  }
}

/** A base model that is not known any more is not asked again. */
async function askBase(
  deps: PiecesDeps,
  evaluation: OpenEvaluation,
  question: Question,
): Promise<ModelAnswer | undefined> {
  try {
    return await ask(deps, evaluation, question, evaluation.contestants.base);
  } catch (thrown) {
    const { httpStatus } = asTuneError(thrown);
    if (httpStatus === 400) return { text: '' };
    if (httpStatus !== 404) throw thrown;
    evaluation.isBaseAsked = false;
    return undefined;
  }
}

/** A checkpoint that refuses or is gone has no answer, and is not compared. */
async function askCheckpoints(
  deps: PiecesDeps,
  evaluation: OpenEvaluation,
  question: Question,
): Promise<Record<string, ModelAnswer>> {
  const asked = Object.entries(evaluation.checkpoints).map(async ([id, model]) => {
    try {
      return [[id, await ask(deps, evaluation, question, model)] as const];
    } catch (thrown) {
      const { httpStatus } = asTuneError(thrown);
      if (httpStatus === 400 || httpStatus === 404) return [];
      throw thrown;
    }
  });
  return Object.fromEntries((await Promise.all(asked)).flat());
}

function textsOf(answers: Record<string, ModelAnswer>): Record<string, string> | undefined {
  const texts = Object.entries(answers).map(([id, { text }]) => [id, text]);
  return texts.length === 0 ? undefined : Object.fromEntries(texts);
}

function ask({ asker }: PiecesDeps, evaluation: OpenEvaluation, question: Question, model: string) {
  return asker.ask(requestOf(question, { ...evaluation, model }));
}

function overtaken(): TuneError {
  return new TuneError('contended', 'Somebody else asks these questions.', { reason: 'Overtaken' });
}

function allRefused(piece: readonly Answered[]): TuneError {
  const [first] = piece;
  return new TuneError('permanent', `Vertex AI refuses every question. ${first?.refused ?? ''}`.trim(), {
    reason: 'QuestionsRefused',
    remedy: 'Ask the model by hand, as status.howToCall says, and see what it refuses.',
  });
}
