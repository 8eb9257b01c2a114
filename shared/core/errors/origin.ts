/** Where a thrown thing began. */

/** Errors below each other that are looked at; a chain is rarely longer, and a circle would never end. */
const MAXIMUM_CAUSES = 5;

/** What was thrown, and what it was put around, down to what was thrown first. */
function chainOf(thrown: unknown): unknown[] {
  const chain = [thrown];
  while (chain.length < MAXIMUM_CAUSES) {
    const last = chain.at(-1);
    if (!(last instanceof Error) || last.cause === undefined) break;
    chain.push(last.cause);
  }
  return chain;
}

/** The stack of what was thrown, and below it those of its causes, which say where it began. */
export function stackOf(thrown: unknown): string {
  const stacks = chainOf(thrown).map((one) => (one instanceof Error && one.stack) || String(one));
  return [...new Set(stacks)].join('\nCaused by: ');
}

/** The error that was thrown first; what was thrown itself where it is none. */
export function firstCauseOf(thrown: unknown): unknown {
  return chainOf(thrown).findLast((one) => one instanceof Error) ?? thrown;
}

/** A frame of a function that has a name and is not Node's own. */
const FRAME = /^\s+at (?:async )?(?:new )?([\w$.#]+) \((?!node:)/m;

/** The name of the function in which it began; undefined where the stack does not say. */
export function originOf(thrown: unknown): string | undefined {
  const first = firstCauseOf(thrown);
  return first instanceof Error ? FRAME.exec(first.stack ?? '')?.[1] : undefined;
}
