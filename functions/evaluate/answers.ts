import { asTuneError, TuneError } from '../../shared/core/errors/errors.ts';
import { type Answered, endOfPrompt } from '../../shared/core/evaluation/answers.ts';
import type { Question } from '../../shared/core/evaluation/question.ts';
import { requestOf } from '../../shared/core/evaluation/request.ts';
import { sumOfTokens } from '../../shared/core/evaluation/tokens.ts';
import type { Run } from '../../shared/core/run/run.ts';
import type { Clock, Logger, ModelAnswer, ModelAsker } from '../../shared/ports.ts';
import { ANSWER_PIECES, type OpenEvaluation } from './evaluation.ts';
import { askEach, type EvaluationFilesDeps, keepPiece, PIECE } from './pieces.ts';

export interface AskDeps extends EvaluationFilesDeps {
  asker: ModelAsker;
  clock: Clock;
  logger: Logger;
}

/** Asks the next examples and keeps what was answered. Throws TuneError. */
export async function answerNext(deps: AskDeps, run: Run, evaluation: OpenEvaluation): Promise<void> {
  const { answered: rows, questions } = evaluation;
  const before = rows.length;
  const { piece, error } = await askEach(questions.slice(before, before + PIECE), (question) =>
    askBoth(deps, evaluation, question),
  );
  if (before === 0 && !error && piece.every(({ refused }) => refused !== undefined)) throw allRefused(piece);
  await keepPiece(deps, run, { rows, piece, pieces: ANSWER_PIECES });
  if (error) throw error;
}

async function askBoth(deps: AskDeps, evaluation: OpenEvaluation, question: Question): Promise<Answered> {
  const [tuned, base, checkpoints] = await Promise.all([
    askTuned(deps, evaluation, question),
    evaluation.isBaseAsked ? askBase(deps, evaluation, question) : undefined,
    askCheckpoints(deps, evaluation, question),
  ]);
  const { line, prompt, expected } = question;
  return {
    ...{ line, prompt: endOfPrompt(prompt), expected },
    ...{ tuned: tuned.text, base: base?.text, checkpoints: textsOf(checkpoints) },
    cut: cutOf({ tuned, base }),
    tokens: sumOfTokens([tuned, ...(base ? [base] : []), ...Object.values(checkpoints)]),
    refused: tuned.refused,
  };
}

function cutOf(answers: { tuned: ModelAnswer; base: ModelAnswer | undefined }): Answered['cut'] {
  const cut = (['tuned', 'base'] as const).filter((who) => answers[who]?.isCut);
  return cut.length > 0 ? cut : undefined;
}

/** A question that Vertex AI refuses for what it is, is answered by nothing; whatever may pass is thrown. */
async function askTuned(deps: AskDeps, evaluation: OpenEvaluation, question: Question) {
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
  deps: AskDeps,
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
  deps: AskDeps,
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

function ask({ asker }: AskDeps, evaluation: OpenEvaluation, question: Question, model: string) {
  return asker.ask(requestOf(question, { ...evaluation, model }));
}

function allRefused(piece: readonly Answered[]): TuneError {
  const [first] = piece;
  return new TuneError('permanent', `Vertex AI refuses every question. ${first?.refused ?? ''}`.trim(), {
    reason: 'QuestionsRefused',
    remedy: 'Ask the model by hand, as status.howToCall says, and see what it refuses.',
  });
}
