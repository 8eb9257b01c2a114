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

  function unitsOf(prompt: readonly number[], first: number): number {
    let units = -PARAGRAPH.length;
    for (const text of prompt) units += PARAGRAPH.length + texts.units(first + text);
    return units;
  }

  return ({ system, prompt }: SharedShape, first: number): void => {
    const own = system === undefined ? undefined : first + system;
    const asked = first + (prompt[0] ?? 0);
    if (isSameSystem(own) && beginning.isBeginningOf(asked, shared.beginning)) {
      shared.addAlike(unitsOf(prompt, first));
    } else {
      const paragraphs = prompt.map((text) => texts.decode(first + text));
      shared.add(own === undefined ? defaultSystem : texts.decode(own), paragraphs.join(PARAGRAPH));
    }
  };
}
