import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { Worker, type WorkerOptions } from "node:worker_threads";

/**
 * Starts the worker `name` that lies beside the file `importer`: JavaScript in the built product. In the sources it is
 * TypeScript, which a worker thread of Node 20 takes only through tsx, a tool of development.
 */
export function startWorker(name: string, importer: string, options: WorkerOptions): Worker {
  // Flags of the process are not for the thread: some (`--input-type`) keep it from loading its file.
  const own = { ...options, execArgv: [] };
  if (!importer.endsWith(".ts")) return new Worker(new URL(`./${name}.js`, importer), own);
  // Resolving gives the CommonJS twin, which does not work in a thread.
  const twin = createRequire(importer).resolve("tsx/esm/api");
  const tsx = new URL("index.mjs", pathToFileURL(twin)).href;
  const file = new URL(`./${name}.ts`, importer).href;
  const start = `import(${JSON.stringify(tsx)}).then((tsx) => {
    tsx.register();
    return import(${JSON.stringify(file)});
  })`;
  return new Worker(start, { ...own, eval: true });
}
