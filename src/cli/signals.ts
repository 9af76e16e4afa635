/**
 * Runs `work` with a promise of the first SIGINT or SIGTERM; the next one ends the process the usual way. A signal that
 * comes while `work` is still starting something up waits until it is asked for, so that nothing is left half started.
 * When `work` ends or throws, signals are the system's again and nothing keeps the process alive.
 */
export async function withSignal<Result>(
  work: (signalled: Promise<NodeJS.Signals>) => Promise<Result>,
): Promise<Result> {
  // Something must keep the process alive when every timer and socket is unreferenced.
  const alive = setInterval(() => undefined, 3_600_000);
  let resolve: (signal: NodeJS.Signals) => void = () => undefined;
  const signalled = new Promise<NodeJS.Signals>((give) => {
    resolve = give;
  });
  const stopListening = (): void => {
    process.off("SIGINT", onSignal);
    process.off("SIGTERM", onSignal);
  };
  const onSignal = (signal: NodeJS.Signals): void => {
    stopListening();
    resolve(signal);
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  try {
    return await work(signalled);
  } finally {
    clearInterval(alive);
    stopListening();
  }
}
