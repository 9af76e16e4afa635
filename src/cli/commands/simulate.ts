import { readFile } from "node:fs/promises";
import { Command, Option } from "commander";
import { readYaml } from "../../config/yaml-source.ts";
import { systemClock } from "../../shared/clock.ts";
import { errorText } from "../../shared/errors.ts";
import { ewsStyles } from "../../simulator/ews/styles.ts";
import {
  type SimulatedFleet,
  type SimulatedPrintersOptions,
  startSimulatedPrinters,
} from "../../simulator/printer-fleet.ts";
import { type Scenario, parseScenario, runScenario } from "../../simulator/scenario.ts";
import { CliError, exitCode } from "../exit.ts";
import { wholeNumber } from "../numbers.ts";
import { type JsonOption, withJson } from "../options.ts";
import { type Output, createOutput } from "../output.ts";
import { withSignal } from "../signals.ts";

interface SimulateOptions extends JsonOption {
  readonly port?: string;
  readonly count?: string;
  readonly read: string;
  readonly write: string;
  readonly scenario?: string;
  readonly webPort?: string;
  readonly https: string;
  readonly webStyle?: string;
}

const httpsModes = ["off", "only", "offered", "forced"] as const;

/** `mfpgate simulate CAPTURE…`: SNMP agents and web pages replayed from captures, until SIGINT or SIGTERM. */
export function simulateCommand(): Command {
  const command = new Command("simulate")
    .description("printers replayed from captures on loopback")
    .argument("<capture...>", ".snmprec files or capture folders")
    .option("--port <base>", "first UDP port on 127.0.0.1; free ones unless given")
    .option("--count <printers>", "how many; the captures are taken in turn")
    .option("--read <community>", "read community", "public")
    .option("--write <community>", "write community", "private")
    .option("--web-port <base>", "first TCP port of captured web pages; free ones unless given")
    .addOption(
      new Option("--https <mode>", "https with a self-signed certificate beside or instead of http")
        .choices(httpsModes)
        .default("off"),
    )
    .addOption(
      new Option("--web-style <style>", "simulated web pages for captures without any").choices(
        Object.keys(ewsStyles),
      ),
    )
    .option("--scenario <file>", "what happens to them (YAML or JSON)");
  return withJson(command).action(async (captures: readonly string[], options: SimulateOptions) => {
    const output = createOutput(options.json === true);
    const scenario =
      options.scenario === undefined ? undefined : await loadScenario(options.scenario);
    const wanted = {
      recordings: captures,
      community: { read: options.read, write: options.write },
      clock: systemClock,
      web: webOptions(options),
      ...(options.port === undefined
        ? {}
        : { basePort: wholeNumber(options.port, "--port", 1, 65_535) }),
      ...(options.count === undefined
        ? {}
        : { count: wholeNumber(options.count, "--count", 1, 10_000) }),
    };
    await withSignal(async (signalled) => {
      const fleet = await startSimulatedPrinters(wanted);
      try {
        if (scenario !== undefined)
          runScenario(scenario, [...fleet.printers, ...fleet.webPrinters], systemClock);
        report(output, fleet);
        await signalled;
      } finally {
        await fleet.stop();
      }
    });
  });
}

async function loadScenario(file: string): Promise<Scenario> {
  const source = readYaml(await readText(file));
  if ("value" in source) return parseScenario(source.value);
  const mistakes = source.map(({ line, column, text }) => `${file}:${line}:${column}: ${text}`);
  throw new CliError(mistakes.join("\n"), exitCode.usage);
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw new CliError(`--scenario ${file} cannot be read: ${errorText(error)}`, exitCode.usage);
  }
}

function webOptions({
  webPort,
  https,
  webStyle,
}: SimulateOptions): NonNullable<SimulatedPrintersOptions["web"]> {
  const mode = httpsModes.find((name) => name === https);
  const style = Object.entries(ewsStyles).find(([name]) => name === webStyle)?.[1];
  return {
    ...(style === undefined ? {} : { styleOf: () => style }),
    ...(mode === undefined ? {} : { https: mode }),
    ...(webPort === undefined ? {} : { port: wholeNumber(webPort, "--web-port", 1, 65_535) }),
  };
}

function report(output: Output, { printers, webPrinters }: SimulatedFleet): void {
  const list = [
    ...printers.map(({ name, host, port, web }) => ({ name, host, port, url: web?.url })),
    ...webPrinters.map(({ name, web }) => ({
      name,
      host: web.host,
      port: undefined,
      url: web.url,
    })),
  ];
  if (output.isJson) output.json(list);
  else
    output.table(
      ["Printer", "Host", "UDP port", "Web pages"],
      list.map(({ name, host, port, url }) => [name, host, port?.toString() ?? "", url ?? ""]),
    );
}
