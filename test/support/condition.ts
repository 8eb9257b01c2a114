/** Resolves as soon as the condition holds; fails with its name when it does not in time. Polls, so that no event is needed. */
export async function until(
  name: string,
  condition: () => boolean | Promise<boolean>,
  withinMs = 240_000,
): Promise<void> {
  const end = performance.now() + withinMs;
  while (performance.now() < end) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`not within ${withinMs / 1000} s: ${name}`);
}
