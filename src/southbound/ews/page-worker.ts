/** Runs in a worker thread: works on pages that may hurt, so that the thread can be killed and not the service. */

import { parentPort } from "node:worker_threads";
import { ProxierError } from "../../shared/errors.ts";
import { type PageResult, type PageTask, runPageTask } from "./page-task.ts";

/** `ready` once, when the thread has loaded; then one answer per task. `code` is that of a {@link ProxierError}. */
export type WorkerReply =
  | { readonly kind: "ready" }
  | { readonly kind: "done"; readonly result: PageResult }
  | { readonly kind: "failed"; readonly code: string; readonly message: string };

function run(task: PageTask): WorkerReply {
  try {
    return { kind: "done", result: runPageTask(task) };
  } catch (error) {
    // Anything else is a mistake of ours and ends the thread; its error event tells.
    if (!(error instanceof ProxierError)) throw error;
    return { kind: "failed", code: error.code, message: error.message };
  }
}

parentPort?.on("message", (task: PageTask) => {
  parentPort?.postMessage(run(task));
});
parentPort?.postMessage({ kind: "ready" } satisfies WorkerReply);
