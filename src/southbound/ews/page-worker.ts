/** Runs in a worker thread: works on pages that may hurt, so that the thread can be killed and not the service. */

import { parentPort } from "node:worker_threads";
import { ProxierError } from "../../shared/errors.ts";
import {
  type PageFailure,
  type PageResult,
  type PageTask,
  runPageTask,
  toPageFailure,
} from "./page-task.ts";

/** `ready` once, when the thread has loaded; then one answer per task. */
export type WorkerReply =
  { readonly kind: "ready" } | { readonly kind: "done"; readonly result: PageResult } | PageFailure;

function run(task: PageTask): WorkerReply {
  try {
    return { kind: "done", result: runPageTask(task) };
  } catch (error) {
    // Anything else is a mistake of ours and ends the thread; its error event tells.
    if (!(error instanceof ProxierError)) throw error;
    return toPageFailure(error);
  }
}

parentPort?.on("message", (task: PageTask) => {
  parentPort?.postMessage(run(task));
});
parentPort?.postMessage({ kind: "ready" } satisfies WorkerReply);
