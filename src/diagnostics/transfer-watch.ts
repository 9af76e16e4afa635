import type { Socket } from "node:net";
import type { FailureReason } from "./outcome.ts";
import { type TransferTarget, limitsOf } from "./transfer-connection.ts";

/** How often a transfer is looked at. */
const lookEveryMs = 250;

/**
 * Tells once when a transfer takes too long, stands still or is aborted.
 * @returns ends the watch
 */
export function watchProgress(
  options: TransferTarget,
  stream: Socket,
  signal: AbortSignal,
  give: (reason: FailureReason) => void,
): () => void {
  const { clock } = options;
  const limits = limitsOf(options);
  const startedMs = clock.nowMs();
  let [bytes, movedMs] = [0, startedMs];
  const problem = (): FailureReason | undefined => {
    const nowMs = clock.nowMs();
    const moved = stream.bytesRead + stream.bytesWritten;
    if (moved !== bytes) [bytes, movedMs] = [moved, nowMs];
    if (nowMs - startedMs > limits.totalMs) return "Timeout";
    if (nowMs - movedMs <= limits.stallMs) return undefined;
    return stream.bytesRead > 0 ? "Timeout" : "NoResponse";
  };
  const look = (): void => {
    const reason = problem();
    if (reason === undefined) cancel = clock.after(lookEveryMs, look);
    else give(reason);
  };
  let cancel = clock.after(lookEveryMs, look);
  const abort = (): void => {
    give("Other");
  };
  signal.addEventListener("abort", abort);
  return () => {
    cancel();
    signal.removeEventListener("abort", abort);
  };
}
