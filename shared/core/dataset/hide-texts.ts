import type { DataStatistics } from './statistics.ts';

/** The statistics of the data without the one text of it that they have: that there is one still shows, as an empty text. */
export function hideTexts(statistics: DataStatistics): DataStatistics {
  const training = statistics.dataset_uri;
  const shared = training?.sharedInstruction;
  if (training === undefined || shared === undefined) return statistics;
  const sharedInstruction = Object.fromEntries(
    Object.entries(shared).flatMap(([name, text]) => (text === undefined ? [] : [[name, '']])),
  );
  return { ...statistics, dataset_uri: { ...training, sharedInstruction } };
}
