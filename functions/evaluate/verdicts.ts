import { asTuneError, TuneError } from '../../shared/core/errors/errors.ts';
import type { Answered } from '../../shared/core/evaluation/answers.ts';
import { judgeRequest } from '../../shared/core/evaluation/judge/request.ts';
import {
  type AnswerOrder,
  isSameAnswer,
  type JudgedExample,
  outcomeOf,
  readVerdict,
} from '../../shared/core/evaluation/judge/verdict.ts';
import type { Question } from '../../shared/core/evaluation/question.ts';
import { sumOfTokens } from '../../shared/core/evaluation/tokens.ts';
import type { Run } from '../../shared/core/run/run.ts';
import type { ModelAsker } from '../../shared/ports.ts';
import { type OpenEvaluation, type OpenJudging, VERDICT_PIECES } from './evaluation.ts';
import { askEach, type EvaluationFilesDeps, keepPiece, PIECE } from './pieces.ts';

export interface JudgeDeps extends EvaluationFilesDeps {
  asker: ModelAsker;
}

/** Has the next answers judged and keeps the verdicts. Throws TuneError. */
export async function judgeNext(
  deps: JudgeDeps,
  run: Run,
  { questions, answered, judging }: Pick<OpenEvaluation, 'questions' | 'answered'> & { judging: OpenJudging },
): Promise<void> {
  const { judged: rows } = judging;
  const before = rows.length;
  const next = questions.slice(before, before + PIECE).flatMap((question, index): Answers[] => {
    const answers = answered[before + index];
    return answers ? [{ question, answers }] : [];
  });
  const { piece, error } = await askEach(next, (both) => judgeBoth(deps, judging, both));
  if (before === 0 && !error) throwIfNoneIsTaken(piece);
  await keepPiece(deps, run, { rows, piece, pieces: VERDICT_PIECES });
  if (error) throw error;
}

interface Answers {
  question: Question;
  answers: Answered;
}

/** One example, once with each answer as A. The same answers are a tie, and nothing is paid for it. */
async function judgeBoth(
  deps: JudgeDeps,
  judging: OpenJudging,
  { question, answers }: Answers,
): Promise<JudgedExample> {
  const { line } = question;
  const { tuned, base = '' } = answers;
  if (isSameAnswer(answers)) return { line, outcome: 'tie', isSame: true };
  const [first, second] = await Promise.all([
    judgeOne(deps, judging, { question, A: tuned, B: base, order: 'tunedFirst' }),
    judgeOne(deps, judging, { question, A: base, B: tuned, order: 'baseFirst' }),
  ]);
  const verdicts = { tunedFirst: first.verdict, baseFirst: second.verdict };
  return {
    ...{ line, outcome: outcomeOf(verdicts), ...verdicts },
    refused: first.refused ?? second.refused,
    answeredBy: first.answeredBy ?? second.answeredBy,
    tokens: sumOfTokens([first, second]),
  };
}

interface Judging {
  question: Question;
  A: string;
  B: string;
  order: AnswerOrder;
}

/** What Vertex AI refuses for what it is has no verdict; whatever may pass is thrown. */
async function judgeOne({ asker }: JudgeDeps, { judge, model }: OpenJudging, { order, ...both }: Judging) {
  try {
    const { text, tokens, answeredBy } = await asker.ask(judgeRequest(both, { model, judge }));
    return { verdict: readVerdict(text, order), tokens, answeredBy, refused: undefined };
  } catch (thrown) {
    const { kind, httpStatus, message } = asTuneError(thrown);
    if (kind !== 'permanent' || httpStatus !== 400) throw thrown;
    return { verdict: undefined, tokens: undefined, answeredBy: undefined, refused: message };
  }
}

/** A judge that takes none of the first answers is asked no more. */
function throwIfNoneIsTaken(piece: readonly JudgedExample[]): void {
  const asked = piece.filter(({ isSame }) => !isSame);
  const [first] = asked;
  if (first === undefined || asked.some(({ refused }) => refused === undefined)) return;
  throw new TuneError('permanent', `Vertex AI refuses every question to the judge. ${first.refused}`, {
    reason: 'JudgeRefused',
  });
}
