import { execFile, execFileSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Clock, systemClock } from "../shared/clock.ts";
import { formatSnmprec } from "../southbound/snmp/snmprec.ts";
import { type Recording, loadRecording } from "./recording.ts";
import { SnmpAgent } from "./snmp-agent.ts";
import { UdpManager } from "../../test/snmp/udp-manager.ts";

const own = new URL("../../recordings/", import.meta.url).pathname;
const shared = new URL("../../../shared/recordings/", import.meta.url).pathname;
/** A clock that stands still, so that uptimes are as recorded. */
const stopped: Clock = { nowMs: () => 0, after: (delayMs, run) => systemClock.after(delayMs, run) };

const list = (folder: string): string[] =>
  existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith(".snmprec")) : [];

/** One agent with a context and a community for each recording. */
async function serve(folder: string) {
  const recordings = new Map<string, Recording>();
  for (const file of list(folder)) {
    const recording = await loadRecording(folder + file);
    recordings.set(recording.name, recording);
  }
  const [first] = recordings.values();
  if (first === undefined) throw new Error(`no recordings in ${folder}`);
  const agent = new SnmpAgent({
    recording: first,
    clock: stopped,
    contexts: recordings,
    communityContexts: new Map([...recordings.keys()].map((name) => [name, name])),
    v3Users: users,
  });
  await agent.start();
  return { agent, recordings };
}

const pass = "maplesyrup";
const users = [
  { user: "nobody" },
  { user: "md5", auth: { protocol: "md5", key: pass } },
  {
    user: "des",
    auth: { protocol: "sha", key: pass },
    privacy: { protocol: "des", key: pass },
  },
  {
    user: "aes",
    auth: { protocol: "sha256", key: pass },
    privacy: { protocol: "aes", key: pass },
  },
  {
    user: "aes256",
    auth: { protocol: "sha", key: pass },
    privacy: { protocol: "aes256b", key: pass },
  },
] as const;

async function expectReplay(folder: string): Promise<void> {
  const { agent, recordings } = await serve(folder);
  for (const [name, recording] of recordings) {
    const manager = new UdpManager(agent.port, { community: name });
    const rows = await manager.walk();
    manager.close();
    expect(formatSnmprec(rows), name).toBe(formatSnmprec(recording.varbinds));
  }
  await agent.stop();
}

describe("the demo recordings", () => {
  it("are replayed varbind for varbind", () => expectReplay(own));

  it.each(list(own))("%s is written in canonical form, without anything skipped", async (file) => {
    const recording = await loadRecording(own + file);
    expect(formatSnmprec(recording.varbinds)).toBe(readFileSync(own + file, "utf8"));
    expect(recording.varbinds.length).toBeGreaterThan(200);
    expect(recording.varbinds.length).toBeLessThan(400);
  });

  it("are all described in their README, with their origin", () => {
    const readme = readFileSync(`${own}README.md`, "utf8");
    for (const file of list(own))
      expect(readme).toMatch(new RegExp(`${file.slice(0, -8)}.*made for the demo; no real device`));
  });

  it("have different serial numbers and MAC addresses", async () => {
    const identities = await Promise.all(
      list(own).map(async (file) => {
        const recording = await loadRecording(own + file);
        return String(recording.get("1.3.6.1.2.1.2.2.1.6.1")?.value);
      }),
    );
    expect(new Set(identities).size).toBe(list(own).length);
  });
});

describe.skipIf(list(shared).length === 0)(
  "the recordings of real printers in ../shared (left out where that folder is missing)",
  () => {
    it("are replayed varbind for varbind", () => expectReplay(shared));
  },
);

describe.skipIf(!hasNetSnmp())("net-snmp's own tools (left out where they are missing)", () => {
  let served: Awaited<ReturnType<typeof serve>>;
  beforeAll(async () => {
    served = await serve(own);
  });
  afterAll(() => served.agent.stop());

  const name = "kyocera-ecosys-m6690cidn";
  const printerMib = "1.3.6.1.2.1.43";
  it.each([
    ["snmpwalk", ["-v1", "-c", name]],
    ["snmpbulkwalk", ["-v2c", "-c", name, "-Cr25"]],
    ["snmpbulkwalk", ["-v3", "-l", "noAuthNoPriv", "-u", "nobody"]],
    ["snmpbulkwalk", ["-v3", "-l", "authNoPriv", "-u", "md5", "-a", "MD5"]],
    ["snmpbulkwalk", ["-v3", "-l", "authPriv", "-u", "des", "-a", "SHA", "-x", "DES"]],
    ["snmpbulkwalk", ["-v3", "-l", "authPriv", "-u", "aes", "-a", "SHA-256", "-x", "AES"]],
    ["snmpbulkwalk", ["-v3", "-l", "authPriv", "-u", "aes256", "-a", "SHA", "-x", "AES-256"]],
  ])("%s %j reads the whole Printer-MIB", async (tool, args) => {
    const address = `127.0.0.1:${served.agent.port}`;
    const v3 = args.includes("-v3") ? ["-n", name, "-A", pass, "-X", pass] : [];
    const { stdout } = await promisify(execFile)(tool, [
      ...args,
      ...v3,
      ...["-On", "-m", "", "-t", "2", address, printerMib],
    ]);
    const expected = served.recordings
      .get(name)
      ?.varbinds.filter(({ oid }) => oid.startsWith(`${printerMib}.`));
    const oids = [...stdout.matchAll(/^\.([\d.]+) = /gm)].map(([, oid]) => oid);
    expect(oids).toEqual(expected?.map(({ oid }) => oid));
  });
});

function hasNetSnmp(): boolean {
  try {
    execFileSync("snmpbulkwalk", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
