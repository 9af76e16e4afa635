import { Command } from "commander";
import type { ParameterView, PrinterSummary, WebSummary } from "../../api/local-service.ts";
import { systemClock } from "../../shared/clock.ts";
import { type ApiClient, type DaemonOptions, connectDaemon } from "../api-client.ts";
import { type JsonOption, withDaemon } from "../options.ts";
import { type Output, ago, createOutput } from "../output.ts";

type Parameters = Readonly<Record<string, ParameterView>>;

/** `mfpgate printers` and `mfpgate printers show ID`. */
export function printersCommand(): Command {
  const list = withDaemon(
    new Command("printers").description("inventory; `printers show ID` for one printer"),
  );
  list.action(async (options: DaemonOptions & JsonOption) => {
    const output = createOutput(options.json === true);
    const client = await connectDaemon(options);
    const printers = (await client.get("/api/v1/printers")) as readonly PrinterSummary[];
    if (output.isJson) output.json(printers);
    else printInventory(output, printers);
  });
  list.addCommand(
    withDaemon(
      new Command("show").argument("<id>", "printer id").description("one printer"),
    ).action(async (id: string, _own: unknown, command: Command) => {
      const options: DaemonOptions & JsonOption = command.optsWithGlobals();
      await show(createOutput(options.json === true), await connectDaemon(options), id);
    }),
  );
  return list;
}

function printInventory(output: Output, printers: readonly PrinterSummary[]): void {
  if (printers.length === 0) {
    output.line("no printers yet: see mfpgate discover, and discovery in the configuration");
    return;
  }
  output.table(
    [
      "Id",
      "Manufacturer",
      "Model",
      "Serial number",
      "Host",
      "Presentation",
      "Reachability",
      "Mapping",
      "Last contact",
    ],
    printers.map((printer) => [
      printer.id,
      printer.manufacturer,
      printer.model,
      printer.serialNumber,
      printer.host,
      printer.presentation,
      printer.reachability,
      printer.mapping,
      ago(printer.lastContact, systemClock.nowMs()),
    ]),
  );
}

async function show(output: Output, client: ApiClient, id: string): Promise<void> {
  const printer = (await client.get(
    `/api/v1/printers/${encodeURIComponent(id)}`,
  )) as PrinterSummary;
  // What is not shown to the ACS has no parameters to show here.
  const parameters =
    printer.presentation === "none"
      ? {}
      : ((await client.get(`/api/v1/printers/${encodeURIComponent(id)}/parameters`)) as Parameters);
  if (output.isJson) {
    output.json({ ...printer, parameters });
    return;
  }
  output.line(`${printer.manufacturer} ${printer.model}, serial number ${printer.serialNumber}`);
  output.line(
    `${printer.host}, ${printer.reachability}, last contact ${ago(printer.lastContact, systemClock.nowMs())}`,
  );
  output.line(`presentation ${printer.presentation}, by ${printer.presentationFrom}`);
  if (printer.web !== null) printWeb(output, printer.web);
  if (printer.interactionSet.length > 0)
    output.line(
      `set for this printer, before the configuration: ${printer.interactionSet.join(", ")}`,
    );
  for (const section of sections) printSection(output, parameters, section);
}

function printWeb(output: Output, web: WebSummary): void {
  output.line(`web pages at ${web.address}`);
  if (web.passwordRefusedAt !== null)
    output.line(`  password refused ${web.passwordRefusedAt}: not tried again, see credentials`);
  if (web.distrustedPages.length > 0)
    output.line(`  not believed, they changed: ${web.distrustedPages.join(", ")}`);
}

interface Section {
  readonly title: string;
  readonly object: string;
  readonly columns: readonly string[];
}

const sections: readonly Section[] = [
  {
    title: "Supplies",
    object: "Supply",
    columns: [
      "Description",
      "Type",
      "ColorantName",
      "CurrentLevel",
      "MaxCapacity",
      "RemainingPercent",
      "Status",
    ],
  },
  { title: "Markers", object: "Marker", columns: ["Technology", "LifeCount", "CounterUnit"] },
  {
    title: "Input trays",
    object: "InputTray",
    columns: ["Name", "MediaSizeName", "CurrentLevel", "MaxCapacity", "LevelStatus", "Status"],
  },
  {
    title: "Output trays",
    object: "OutputTray",
    columns: ["Name", "RemainingCapacity", "MaxCapacity", "Status"],
  },
  { title: "Covers", object: "Cover", columns: ["Description", "IsOpen"] },
  { title: "Alerts", object: "Alert", columns: ["Severity", "Group", "Code", "Description"] },
];

const serviceRow = /^Device\.Services\.X_MFPGATE-ORG_MFP\.\d+\.(\w+)\.(\d+)\.(\w+)$/;
const counter = /^Device\.Services\.X_MFPGATE-ORG_MFP\.\d+\.(Counters\..+)$/;

function printSection(output: Output, parameters: Parameters, section: Section): void {
  const rows = new Map<string, Map<string, string>>();
  let stale = false;
  for (const [path, parameter] of Object.entries(parameters)) {
    const [, object, row = "", name = ""] = serviceRow.exec(path) ?? [];
    if (object !== section.object) continue;
    const cells = rows.get(row) ?? new Map<string, string>();
    rows.set(row, cells.set(name, String(parameter.value)));
    stale ||= parameter.stale;
  }
  if (rows.size > 0) {
    output.line(`\n${section.title}${stale ? " (stale)" : ""}`);
    output.table(
      ["#", ...section.columns],
      [...rows].map(([row, cells]) => [
        row,
        ...section.columns.map((name) => cells.get(name) ?? ""),
      ]),
    );
  }
  if (section.object === "Marker") printCounters(output, parameters);
}

function printCounters(output: Output, parameters: Parameters): void {
  const counters = Object.entries(parameters).flatMap(([path, parameter]) => {
    const name = counter.exec(path)?.[1];
    return name === undefined
      ? []
      : [[name, String(parameter.value), parameter.stale ? "stale" : ""]];
  });
  if (counters.length === 0) return;
  output.line("\nCounters");
  output.table(["Counter", "Value", ""], counters);
}
