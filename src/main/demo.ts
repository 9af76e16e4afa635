import { randomBytes } from "node:crypto";
import { createSocket } from "node:dgram";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadConfig } from "../config/load.ts";
import { type Service, startService } from "../main.ts";
import { systemClock } from "../shared/clock.ts";
import { packageRoot } from "../shared/package-version.ts";
import { ewsStyles } from "../simulator/ews/styles.ts";
import { operatorScript } from "../simulator/acs/session-script.ts";
import { startTestAcs } from "../simulator/acs/test-acs.ts";
import type { TestAcs } from "../simulator/acs/acs-port.ts";
import {
  type SimulatedPrinter,
  loopbackAddresses,
  startSimulatedPrinters,
} from "../simulator/printer-fleet.ts";
import { demoScenario, runScenario } from "../simulator/scenario.ts";
import { Life } from "./life.ts";

/** Folder of the project's own recordings. */
export const demoRecordings = fileURLToPath(new URL("recordings", packageRoot));

/** A running demo. */
export interface Demo {
  readonly pages: { readonly dashboard: string; readonly acs: string; readonly api: string };
  /** For the command line beside the demo. */
  readonly configFile: string;
  readonly printers: readonly SimulatedPrinter[];
  readonly acs: TestAcs;
  readonly service: Service;
  stop(): Promise<void>;
}

const community = { read: "public", write: "private" };
const firstPrinter = "127.10.0.1";

/** Printers of the demo that have web pages, with the maker's way of making them. */
const webStyles = new Map([
  ["brother-mfc-l8990cdw", ewsStyles.brother],
  ["kyocera-ecosys-m6690cidn", ewsStyles.kyocera],
]);
/** Password of those pages; what they show is not worth a better one. */
const webLogin = { username: "admin", password: "demo-pages" } as const;

/** Starts printers, ACS and service on free ports of loopback; data lives in a folder that goes with the demo. */
export async function startDemo(options: { readonly printers?: number } = {}): Promise<Demo> {
  const life = new Life();
  try {
    return await startParts(options, life);
  } catch (error) {
    await life.end();
    throw error;
  }
}

async function startParts(options: { readonly printers?: number }, life: Life): Promise<Demo> {
  const folder = await mkdtemp(join(tmpdir(), "mfpgate-demo-"));
  life.onEnd(() => rm(folder, { recursive: true, force: true }));
  const files = (await readdir(demoRecordings)).filter((name) => name.endsWith(".snmprec")).sort();
  const count = options.printers ?? files.length;
  const snmpPort = await freeUdpPort();
  const fleet = await startSimulatedPrinters({
    recordings: files.map((name) => join(demoRecordings, name)),
    count,
    addresses: loopbackAddresses(count, snmpPort, firstPrinter),
    community,
    clock: systemClock,
    web: {
      port: await freeTcpPort(),
      credential: webLogin,
      styleOf: (recording) => webStyles.get(recording),
    },
  });
  life.onEnd(() => fleet.stop());
  const acs = await startTestAcs({
    scripts: [
      operatorScript({
        periodicInformS: 30,
        newPassword: () => randomBytes(12).toString("base64url"),
      }),
    ],
  });
  life.onEnd(() => acs.stop());
  const configFile = join(folder, "config.yaml");
  const webPrinters = fleet.printers.flatMap(({ host, web }) =>
    web === undefined ? [] : [{ host, port: web.port }],
  );
  await writeFile(configFile, await demoConfig({ acsUrl: acs.url, snmpPort, count, webPrinters }));
  const service = await startService(await loadConfig(configFile));
  life.onEnd(() => service.stop());
  const cancel = runScenario(scenarioFor(fleet.printers), fleet.printers, systemClock);
  life.onEnd(cancel);
  return {
    pages: {
      dashboard: `${service.apiUrl}/?token=${service.apiToken}`,
      acs: acs.pageUrl,
      api: `${service.apiUrl}/openapi.json`,
    },
    configFile,
    printers: fleet.printers,
    acs,
    service,
    stop: () => life.end(),
  };
}

/** The demo scenario, without steps for printers that a smaller demo does not have. */
function scenarioFor(printers: readonly SimulatedPrinter[]): typeof demoScenario {
  const names = new Set(printers.map(({ name }) => name));
  const steps = demoScenario.steps.filter(
    (step) => step.printers === "all" || step.printers.every((name) => names.has(name)),
  );
  return { ...demoScenario, steps };
}

interface DemoAddresses {
  readonly acsUrl: string;
  readonly snmpPort: number;
  readonly count: number;
  /** Where those with web pages have them. */
  readonly webPrinters: readonly { readonly host: string; readonly port: number }[];
}

/** The configuration a site would write, with short periods so that a person sees things happen. */
async function demoConfig({
  acsUrl,
  snmpPort,
  count,
  webPrinters,
}: DemoAddresses): Promise<string> {
  const [apiPort, connectionRequestPort] = [await freeTcpPort(), await freeTcpPort()];
  const range = `${firstPrinter}/${32 - Math.ceil(Math.log2(count + 2))}`;
  const pages = webPrinters.map(
    ({ host, port }) =>
      `{ host: ${host}, snmp: { port: ${snmpPort} }, ews: { port: ${port}, scheme: http } }`,
  );
  return `proxier: { manufacturer: "mfpgate demo", oui: "00005E", productClass: "mfpgate", serialNumber: "DEMO-1" }
dataDir: ./data
acs: { url: "${acsUrl}", periodicInform: 30s }
connectionRequest: { listen: "127.0.0.1:${connectionRequestPort}" }
discovery:
  interval: 1m
  snmp: { ranges: ["${range}"], port: ${snmpPort} }
  static: [${pages.join(", ")}]
credentials:
  - { snmp: { version: 2c, read: ${community.read}, write: ${community.write} } }
  - { ews: { username: ${webLogin.username}, password: ${webLogin.password} } }
writes: { allowUnverified: true }
polling: { status: 1s, supplies: 5s, counters: 5s, settings: 10s, identity: 1h }
api: { listen: "127.0.0.1:${apiPort}" }
log: { level: error, format: text }
`;
}

function freeTcpPort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => {
        resolve(port);
      });
    });
  });
}

function freeUdpPort(): Promise<number> {
  const socket = createSocket("udp4");
  return new Promise((resolve, reject) => {
    socket.once("error", reject);
    socket.bind(0, firstPrinter, () => {
      const { port } = socket.address();
      socket.close(() => {
        resolve(port);
      });
    });
  });
}
