import { errorText } from "../src/shared/errors.ts";
import type { Measure } from "./row.ts";

/** Measures one row once in a process of its own: `worker.js ROW PROJECT-ROOT SCRATCH`. */
async function work(name: string, projectRoot: string, scratch: string): Promise<void> {
  const { measure } = (await import(`./rows/${name}.js`)) as { readonly measure: Measure };
  try {
    process.send?.({ measured: await measure({ projectRoot, scratch }) });
  } catch (error) {
    process.send?.({ error: errorText(error) });
  } finally {
    process.disconnect();
  }
}

const [name = "", projectRoot = "", scratch = ""] = process.argv.slice(2);
await work(name, projectRoot, scratch);
