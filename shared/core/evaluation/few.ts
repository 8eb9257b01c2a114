import type { Scored } from './answers.ts';

/** So many answers are shown where there is no room for all. */
const FEW = 3;

/**
 * Some answers that stand for all: one that the tuned model alone got right, one that it got wrong, and the first of the others; where there is
 * none of a kind, of the others. In the order of the file; chosen by the scores alone.
 */
export function fewOf(answers: readonly Scored[]): Scored[] {
  const wanted: ((answer: Scored) => boolean)[] = [
    ({ score }) => score.tuned === 1 && score.base !== 1,
    ({ score }) => score.tuned < 1,
    ({ score }) => score.tuned === 1,
  ];
  const chosen = new Set<Scored>();
  for (const isWanted of [...wanted, ...wanted.map(() => () => true)]) {
    const found = answers.find((answer) => !chosen.has(answer) && isWanted(answer));
    if (found && chosen.size < FEW) chosen.add(found);
  }
  return answers.filter((answer) => chosen.has(answer));
}
