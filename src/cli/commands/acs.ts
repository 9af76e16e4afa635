import { randomBytes } from "node:crypto";
import { Command } from "commander";
import type { TestAcs } from "../../simulator/acs/acs-port.ts";
import { operatorScript } from "../../simulator/acs/session-script.ts";
import { startTestAcs } from "../../simulator/acs/test-acs.ts";
import { wholeNumber } from "../numbers.ts";
import { type JsonOption, withJson } from "../options.ts";
import { type Output, createOutput } from "../output.ts";
import { withSignal } from "../signals.ts";

interface AcsOptions extends JsonOption {
  readonly host: string;
  readonly port: string;
  readonly inform: string;
  readonly capture?: string;
}

/** `mfpgate acs`: the test ACS alone, until SIGINT or SIGTERM. */
export function acsCommand(): Command {
  const command = new Command("acs")
    .description("a small test ACS with a page that shows what each device said")
    .option("--host <address>", "where to listen", "127.0.0.1")
    .option("--port <port>", "port; 0 takes a free one", "7580")
    .option("--inform <seconds>", "periodic Inform interval it sets on every device", "60")
    .option("--capture <folder>", "write every envelope there");
  return withJson(command).action(async (options: AcsOptions) => {
    const output = createOutput(options.json === true);
    const periodicInformS = wholeNumber(options.inform, "--inform", 1, 86_400);
    const port = wholeNumber(options.port, "--port", 0, 65_535);
    await withSignal(async (signalled) => {
      const acs = await startTestAcs({
        host: options.host,
        port,
        scripts: [operatorScript({ periodicInformS, newPassword: randomPassword })],
        ...(options.capture === undefined ? {} : { captureDir: options.capture }),
      });
      report(output, acs);
      await signalled;
      await acs.stop();
    });
  });
}

function report(output: Output, { url, pageUrl }: TestAcs): void {
  if (output.isJson) {
    output.json({ url, page: pageUrl });
    return;
  }
  output.line(`CWMP at ${url}`);
  output.line(`open ${pageUrl}`);
}

/** For the connection-request credentials the test ACS gives each device. */
function randomPassword(): string {
  return randomBytes(12).toString("base64url");
}
