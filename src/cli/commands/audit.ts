import { Command } from "commander";
import type { AuditLine } from "../../api/local-service.ts";
import { type DaemonOptions, connectDaemon } from "../api-client.ts";
import { wholeNumber } from "../numbers.ts";
import { type JsonOption, withDaemon } from "../options.ts";
import { createOutput } from "../output.ts";

const mostLines = 1_000;

/** `mfpgate audit [ID]`: who changed what from what to what, and what came of it, oldest first. */
export function auditCommand(): Command {
  const command = new Command("audit")
    .description("who changed what from what to what, oldest first; secrets are not shown")
    .argument("[id]", "printer id or proxier; everything without", "")
    .option("-n, --limit <count>", `how many of the newest, at most ${mostLines}`, "50");
  return withDaemon(command).action(
    async (id: string, options: DaemonOptions & JsonOption & { readonly limit: string }) => {
      const output = createOutput(options.json === true);
      const limit = wholeNumber(options.limit, "--limit", 1, mostLines);
      const client = await connectDaemon(options);
      const query = `device=${encodeURIComponent(id)}&limit=${limit}`;
      const lines = (await client.get(`/api/v1/audit?${query}`)) as readonly AuditLine[];
      if (output.isJson) output.json(lines);
      else if (lines.length === 0) output.line("nothing was set yet");
      else
        output.table(
          ["When", "Who", "Device", "From", "To", "Outcome", "Parameter"],
          lines.map(row),
        );
    },
  );
}

function row({ at, who, device, path, from, to, outcome }: AuditLine): readonly string[] {
  return [at, who, device, valueText(from), valueText(to), outcome, path];
}

/** A value for people; what is not known is a dash, which no empty text is taken for. */
function valueText(value: AuditLine["from"]): string {
  if (value === null) return "-";
  return value === "" ? '""' : String(value);
}
