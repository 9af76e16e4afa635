import { Command } from "commander";
import { type Demo, startDemo } from "../../main/demo.ts";
import { configureLog } from "../../shared/log.ts";
import { wholeNumber } from "../numbers.ts";
import { type JsonOption, withJson } from "../options.ts";
import { type Output, createOutput } from "../output.ts";
import { withSignal } from "../signals.ts";

interface DemoOptions extends JsonOption {
  readonly printers?: string;
  readonly verbose?: true;
}

/** `mfpgate demo`: simulated printers, test ACS and service on loopback, until SIGINT or SIGTERM. */
export function demoCommand(): Command {
  const command = new Command("demo")
    .description("simulated printers, a test ACS and the service on loopback")
    .option("--printers <count>", "how many printers; one of each recording unless given")
    .option("--verbose", "log what happens");
  return withJson(command).action(async (options: DemoOptions) => {
    configureLog({ level: options.verbose === true ? "info" : "error", format: "text" });
    const output = createOutput(options.json === true);
    const wanted =
      options.printers === undefined
        ? {}
        : { printers: wholeNumber(options.printers, "--printers", 1, 1_000) };
    await withSignal(async (signalled) => {
      const demo = await startDemo(wanted);
      report(output, demo);
      await signalled;
      await demo.stop();
    });
  });
}

function report(output: Output, demo: Demo): void {
  const { pages, printers, configFile } = demo;
  if (output.isJson) {
    output.json({ ...pages, config: configFile, printers: printers.length });
    return;
  }
  output.line(`open ${pages.dashboard}   dashboard of the box`);
  output.line(`open ${pages.acs}   test ACS`);
  output.line(`open ${pages.api}   local API`);
  output.line(
    `${printers.length} simulated printers; they age, and one jams after 40 s for a minute`,
  );
  output.line(`mfpgate printers --config ${configFile}   works beside this; Ctrl-C ends the demo`);
}
