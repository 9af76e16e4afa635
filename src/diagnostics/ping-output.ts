/** What one echo request came to, as the program `ping` of iputils told it. */
export type EchoOutcome =
  | { readonly outcome: "answered"; readonly timeUs: number }
  /** No answer in time; `unreachable` when a router or the own box said why. */
  | { readonly outcome: "lost" | "unreachable" }
  /** The program could not ask. */
  | { readonly outcome: "broken"; readonly text: string };

const answer = /bytes from .*\btime[=<]([\d.]+) ?ms/;
const unreachable =
  /Destination .*Unreachable|Destination unreachable|Time to live exceeded|Time exceeded|Network is unreachable|No route to host|Host is down/i;

/**
 * Reads what `ping -n -c 1` printed.
 * @param said everything it wrote, both streams
 */
export function readPingOutput(exitCode: number | undefined, said: string): EchoOutcome {
  const timeMs = answer.exec(said)?.[1];
  if (timeMs !== undefined) return { outcome: "answered", timeUs: Math.round(+timeMs * 1000) };
  if (unreachable.test(said)) return { outcome: "unreachable" };
  // iputils: 1 = no answer, 2 = any other error.
  if (exitCode === 1 && !/ping: /.test(said)) return { outcome: "lost" };
  return { outcome: "broken", text: said.trim().slice(0, 200) };
}
