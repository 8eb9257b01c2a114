import type { ExampleSplit } from '../dataset/split/split-examples.ts';

/** How the examples of an evaluation were chosen, for the document. */
export function splitRule({ isByLabel }: Pick<ExampleSplit, 'isByLabel'>): string {
  const share = isByLabel ? 'of each label in proportion to its rows' : 'of all together';
  return `Examples with one input stay together; by a hash of the input the first are taken, ${share}. The same examples are split in the same way in any order of their lines.`;
}
