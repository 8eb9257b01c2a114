/** What the examples of a file have in common, of texts that lie where they were scanned. */
import type { SharedInstructionTally } from '../tallies/shared-instruction.ts';
import type { ScannedTexts } from './texts.ts';

const PARAGRAPH = '\n\n';

/** Where the texts that examples may have in common are, from the first one of a line on. */
export interface SharedShape {
  system: number | undefined;
  /** The paragraphs of what the user says first. */
  prompt: readonly number[];
}

/** Makes what compares the instructions of a line with those of all before. */
export function createSharing(texts: ScannedTexts, shared: SharedInstructionTally, defaultSystem: string) {
  const [beginning, systemText] = texts.known;

  function isSameSystem(own: number | undefined): boolean {
    if (shared.system === undefined) return true;
    return own === undefined ? shared.system === defaultSystem : systemText.is(own, shared.system);
  }

  const unitsOf = (paragraphs: readonly number[]) =>
    paragraphs.reduce((sum, text) => sum + PARAGRAPH.length + texts.units(text), -PARAGRAPH.length);

  return ({ system, prompt }: SharedShape, first: number): void => {
    const own = system === undefined ? undefined : first + system;
    const [asked = 0, ...more] = prompt.map((number) => first + number);
    const isAlike = isSameSystem(own) && beginning.isBeginningOf(asked, shared.beginning);
    if (isAlike) shared.addAlike(unitsOf([asked, ...more]));
    else {
      const paragraphs = [asked, ...more].map(texts.decode);
      shared.add(own === undefined ? defaultSystem : texts.decode(own), paragraphs.join(PARAGRAPH));
    }
  };
}
