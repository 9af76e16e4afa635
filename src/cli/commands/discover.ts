import { Command } from "commander";
import type { DiscoveryResult } from "../../api/local-service.ts";
import { AddressSpace } from "../../discovery/address-space.ts";
import { type DaemonOptions, connectDaemon } from "../api-client.ts";
import { type JsonOption, withDaemon } from "../options.ts";
import { createOutput } from "../output.ts";

/** `mfpgate discover [--range CIDR]`: searches now; new printers are adopted by the rules of the configuration. */
export function discoverCommand(): Command {
  const command = new Command("discover")
    .description("search for printers now")
    .option("--range <cidr...>", "search these ranges instead of the configured ones");
  return withDaemon(command).action(
    async (options: DaemonOptions & JsonOption & { readonly range?: readonly string[] }) => {
      const output = createOutput(options.json === true);
      // A mistyped range is bad usage, and known before the daemon is asked.
      new AddressSpace(options.range ?? []);
      const client = await connectDaemon(options);
      output.progress("searching …");
      const body = options.range === undefined ? undefined : { ranges: options.range };
      const result = (await client.post("/api/v1/discover", body)) as DiscoveryResult;
      if (output.isJson) {
        output.json(result);
        return;
      }
      output.line(`${result.probed} addresses probed, ${result.found.length} printers answered`);
      if (result.found.length === 0) return;
      output.table(
        ["Host", "Description", ""],
        result.found.map(({ host, description, known }) => [
          host,
          description,
          known ? "known" : "new",
        ]),
      );
    },
  );
}
