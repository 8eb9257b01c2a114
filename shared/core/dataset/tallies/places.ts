/** Places of right choices: whether a file may count them from 1, where they are read as counted from 0. */
import { type Reporter, WHOLE_FILE } from '../lines/reporter.ts';

export interface PlacesTally {
  /** Counts an answer that is the number of a choice. */
  add(place: number, choices: number): void;
  /** Tells of a file in which the first choice is never the right one. */
  reportAll(report: Reporter): void;
}

/** Ours: of fewer answers nobody can say that, nor where chance alone leads to it so often. */
const [LEAST_ANSWERS, MOST_CHANCE] = [20, 0.01];

/** Makes the tally of one file. */
export function createPlacesTally(): PlacesTally {
  let [answers, first, chance] = [0, 0, 1];
  return {
    add(place, choices) {
      answers += 1;
      if (place === 0) first += 1;
      chance *= 1 - 1 / choices;
    },
    reportAll(report) {
      if (answers >= LEAST_ANSWERS && first === 0 && chance < MOST_CHANCE)
        report('choices_from_one', { answers }, WHOLE_FILE);
    },
  };
}
