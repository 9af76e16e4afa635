/** How often a condition is looked at. */
const everyMs = 20;

/**
 * Waits for a condition: resolves with what `check` returns as soon as that is neither undefined nor false.
 * @throws {Error} naming `what` when it does not come true in time; an error of the last look is its cause
 */
export async function waitUntil<Result>(
  what: string,
  check: () => Result | undefined | false | Promise<Result | undefined | false>,
  timeoutMs = 15_000,
): Promise<Result> {
  const endMs = performance.now() + timeoutMs;
  for (;;) {
    const result = await check();
    if (result !== undefined && result !== false) return result;
    if (performance.now() > endMs) throw new Error(`not within ${timeoutMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
