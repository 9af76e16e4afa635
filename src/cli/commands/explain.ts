import { Command } from "commander";
import type { Explanation } from "../../api/local-service.ts";
import { type DaemonOptions, connectDaemon } from "../api-client.ts";
import { type JsonOption, withDaemon } from "../options.ts";
import { createOutput } from "../output.ts";

/** `mfpgate explain ID PATH`: why the value is what it is. */
export function explainCommand(): Command {
  const command = new Command("explain")
    .description(
      "where a value came from: source, raw value, transforms, mapping line, rejected alternatives",
    )
    .argument("<id>", "printer id")
    .argument("<path>", "full parameter name");
  return withDaemon(command).action(
    async (id: string, path: string, options: DaemonOptions & JsonOption) => {
      const output = createOutput(options.json === true);
      const client = await connectDaemon(options);
      const where = `/api/v1/printers/${encodeURIComponent(id)}/explain?path=${encodeURIComponent(path)}`;
      const found = (await client.get(where)) as Explanation;
      if (output.isJson) {
        output.json(found);
        return;
      }
      output.table(
        ["What", "Is"],
        [
          ["Parameter", found.path],
          ["Value", String(found.value)],
          ["Source", found.source],
          ["Raw", found.raw],
          ["Transforms", found.transforms.join(" → ") || "none"],
          ["Defined at", found.definedAt],
          ["Read at", found.readAt],
          ...found.rejected.map(({ source, reason }) => ["Passed over", `${source}: ${reason}`]),
          ...(found.note === undefined ? [] : [["Note", found.note]]),
        ],
      );
    },
  );
}
