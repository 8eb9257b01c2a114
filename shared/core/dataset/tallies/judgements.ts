/** What stands beside answers and may say whether they are good ones: the whole file tells whether it does. */
import { answerMarkOf, goodOf, isUndecided } from '../../issues/judgements.ts';
import { type Reporter, WHOLE_FILE } from '../lines/reporter.ts';

export interface AnswerMark {
  field: string;
  value: string | number;
}

export interface JudgementsTally {
  add(judgement: AnswerMark, answer: string): void;
  /** Tells of a file in which good and bad answers stand. */
  reportAll(report: Reporter): void;
  /** The field that says so, once it was told. */
  readonly told: string | undefined;
}

/** Ours: of an answer so much is kept, and so many different ones are no classes. */
const [KEPT, MOST_CLASSES] = [100, 200];

/** Makes the tally of one file. */
export function createJudgements(): JudgementsTally {
  let field: string | undefined;
  let isMixed = false;
  let told: string | undefined;
  const counts = new Map<string, { written: string; count: number }>();
  /** By answer what was said of it; undefined of several that differ. */
  const ofAnswers = new Map<string, string | undefined>();

  function noteAnswer(answer: string, word: string): void {
    const key = answer.slice(0, KEPT);
    const known = ofAnswers.get(key);
    if (ofAnswers.has(key)) ofAnswers.set(key, known === word ? word : undefined);
    else if (ofAnswers.size <= MOST_CLASSES) ofAnswers.set(key, word);
  }

  /** The number of a class beside its name is no judgement. */
  function isOfClasses(examples: number): boolean {
    const isFew = ofAnswers.size <= MOST_CLASSES && ofAnswers.size * 2 <= examples;
    return isFew && ![...ofAnswers.values()].includes(undefined);
  }

  return {
    get told() {
      return told;
    },
    add({ field: name, value }, answer) {
      if (isUndecided(value) && (field ?? name) === name) {
        field = name;
        return;
      }
      const word = answerMarkOf(value);
      field ??= name;
      isMixed ||= field !== name || word === undefined;
      if (word === undefined) return;
      const known = counts.get(word);
      if (known) known.count += 1;
      else counts.set(word, { written: JSON.stringify(value), count: 1 });
      noteAnswer(answer, word);
    },
    reportAll(report) {
      const [one, other] = [...counts.keys()];
      if (field === undefined || isMixed || counts.size !== 2 || one === undefined || other === undefined)
        return;
      const good = goodOf(one, other);
      const better = counts.get(good ?? '');
      const worse = counts.get(good === one ? other : one);
      if (!better || !worse || isOfClasses(better.count + worse.count)) return;
      report(
        'answers_judged',
        {
          ...{ field, good: better.written, bad: worse.written },
          ...{ goodCount: better.count, badCount: worse.count },
        },
        WHOLE_FILE,
      );
      told = field;
    },
  };
}
