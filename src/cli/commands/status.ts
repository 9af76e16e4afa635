import { Command } from "commander";
import type { ServiceStatus } from "../../api/local-service.ts";
import { type DaemonOptions, connectDaemon } from "../api-client.ts";
import { type JsonOption, withDaemon } from "../options.ts";
import { createOutput } from "../output.ts";

/** `mfpgate status`: service, ACS link, fleet counts, queue depths. */
export function statusCommand(): Command {
  return withDaemon(
    new Command("status").description("service, ACS link, fleet counts, queue depths"),
  ).action(async (options: DaemonOptions & JsonOption) => {
    const output = createOutput(options.json === true);
    const client = await connectDaemon(options);
    const status = (await client.get("/api/v1/status")) as ServiceStatus;
    if (output.isJson) {
      output.json(status);
      return;
    }
    const printers = Object.entries(status.printers).map(([state, count]) => `${count} ${state}`);
    output.table(
      ["What", "State"],
      [
        [
          "Service",
          `${status.version}, ${status.ready ? "running" : "starting"} since ${status.startedAt}`,
        ],
        ["ACS", status.acs.url],
        [
          "Sessions",
          `${status.acs.sessions} ended well, ${status.acs.failures} failed, ${status.acs.queued} waiting`,
        ],
        ["Last session error", status.acs.lastError ?? "none"],
        ["Printers", printers.join(", ") || "none yet"],
        ["Polls", `${status.polling.running} running, ${status.polling.queued} waiting`],
        [
          "Discovery",
          `${status.discovery.running ? "running, " : ""}last run ${status.discovery.lastRunAt ?? "never"}`,
        ],
        ["Connection requests", status.connectionRequest.listening],
      ],
    );
  });
}
