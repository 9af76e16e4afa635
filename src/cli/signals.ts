/** Resolves with the first SIGINT or SIGTERM. The next one ends the process the usual way. */
export function untilSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    // Something must keep the process alive when every timer and socket is unreferenced.
    const alive = setInterval(() => undefined, 3_600_000);
    const onSignal = (signal: NodeJS.Signals): void => {
      clearInterval(alive);
      process.off("SIGINT", onSignal);
      process.off("SIGTERM", onSignal);
      resolve(signal);
    };
    process.on("SIGINT", onSignal);
    process.on("SIGTERM", onSignal);
  });
}
