import { type Complaint, valueAt } from "./explain-issue.ts";
import type { ParsedConfig } from "./schema.ts";
import type { ListenAddress } from "./units.ts";

const everywhere: ReadonlySet<string> = new Set(["0.0.0.0", "::"]);

/** Whether two listeners would take each other's TCP port: the same one at the same address, or at every address. */
export function isSamePlace(a: ListenAddress, b: ListenAddress): boolean {
  if (a.port !== b.port || a.port === 0) return false;
  return a.host === b.host || everywhere.has(a.host) || everywhere.has(b.host);
}

/** Two listeners at one port, told at the one the file names. */
export function findSharedPort(
  { api, connectionRequest }: Pick<ParsedConfig, "api" | "connectionRequest">,
  file: unknown,
): readonly Complaint[] {
  if (!isSamePlace(api.listen, connectionRequest.listen)) return [];
  const [here, there] =
    valueAt(file, ["api", "listen"]) === undefined
      ? ["connectionRequest", "api"]
      : ["api", "connectionRequest"];
  const text = `is the port of ${there}.listen as well; give one of the two another port`;
  return [{ path: [here, "listen"], text }];
}
