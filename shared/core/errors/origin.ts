/** Where a thrown thing began. */

/** Errors below each other that are shown; a chain is rarely longer, and a circle would never end. */
const MAXIMUM_CAUSES = 5;

/** The stack of what was thrown, and below it those of its causes, which say where it began. */
export function stackOf(thrown: unknown): string {
  const stacks = new Set<string>();
  let next = thrown;
  for (let depth = 0; next !== undefined && depth < MAXIMUM_CAUSES; depth++) {
    stacks.add(next instanceof Error ? (next.stack ?? String(next)) : String(next));
    next = next instanceof Error ? next.cause : undefined;
  }
  return [...stacks].join('\nCaused by: ');
}

/** A frame of a function that has a name and is not Node's own. */
const FRAME = /^\s+at (?:async )?(?:new )?([\w$.#]+) \((?!node:)/m;

/** The name of the function in which it began; undefined where the stack does not say. */
export function originOf(thrown: unknown): string | undefined {
  let first = thrown;
  for (
    let depth = 0;
    first instanceof Error && first.cause instanceof Error && depth < MAXIMUM_CAUSES;
    depth++
  ) {
    first = first.cause;
  }
  return first instanceof Error ? FRAME.exec(first.stack ?? '')?.[1] : undefined;
}
