import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BesiegedBox } from "./besieged-box.ts";
import {
  type Trick,
  envelope,
  hangUp,
  http,
  inTurns,
  noContent,
  rawEnvelope,
  welcome,
} from "./hostile-acs.ts";

/** `npm run test:soak` plays ten thousand. */
const sessions = Number(process.env["LEAK_SESSIONS"] ?? 1_000);
/** Played before the first measurement, until caches and compiled code are there. */
const warmUp = 1_000;
/** What a session may leave behind: less than the shortest record of it would take. */
const mostBytesPerSession = 50;
/** What the engine of JavaScript may still add to itself meanwhile. */
const engineBytes = 750_000;

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

let besieged: BesiegedBox;
beforeAll(async () => {
  besieged = await BesiegedBox.open({ responseTimeoutMs: 100 });
});
afterAll(() => besieged.close());

const question = http(envelope({ method: "GetRPCMethods" }, { id: "x" }), {
  headers: Array.from({ length: 20 }, (_, index) => `Set-Cookie: c${index}=${"x".repeat(200)}`),
});

/** One of each kind: honest ones, ones that fail early and late, with and without bytes, and a read of everything. */
const tricks: readonly (Trick | undefined)[] = [
  undefined,
  inTurns(welcome, question, question, noContent),
  inTurns(
    welcome,
    http(envelope({ method: "GetParameterValues", paths: ["Device."] }, { id: "x" })),
    noContent,
  ),
  undefined,
  inTurns(hangUp()),
  inTurns(welcome, hangUp("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\nabc")),
  inTurns(http("", { status: "500 No" })),
  inTurns(welcome, http(rawEnvelope("<a>").slice(0, -40))),
  inTurns(http("", { status: "307 Go", headers: ["Location: /again"] })),
  inTurns(
    http("", { status: "401 Who", headers: ['WWW-Authenticate: Digest realm="x", nonce="y"'] }),
  ),
  inTurns(welcome, "HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"),
];

async function play(count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    besieged.acs.trick = tricks[index % tricks.length];
    await besieged.runSession();
    besieged.acs.received.length = 0;
  }
  besieged.acs.trick = undefined;
  await besieged.recovers();
  besieged.acs.received.length = 0;
}

interface Usage {
  readonly heapBytes: number;
  readonly resources: number;
}

/** Garbage may need more than one round, where finalizers are in play. */
async function usage(): Promise<Usage> {
  for (let round = 0; round < 3; round += 1) {
    collectGarbage();
    await new Promise((resolve) => setImmediate(resolve));
  }
  return {
    heapBytes: process.memoryUsage().heapUsed,
    resources: process.getActiveResourcesInfo().length,
  };
}

describe("sessions, good and bad ones", () => {
  it(`leave neither memory nor handles behind: ${sessions} of them`, async () => {
    await play(warmUp);
    const before = await usage();
    await play(sessions);
    const after = await usage();
    const grownBytes = after.heapBytes - before.heapBytes;
    process.stdout.write(
      `leak: ${sessions} sessions, heap ${Math.round(before.heapBytes / 1024)} KiB ` +
        `${grownBytes < 0 ? "-" : "+"} ${Math.round(Math.abs(grownBytes) / 1024)} KiB, ` +
        `resources ${before.resources} -> ${after.resources}\n`,
    );
    expect(grownBytes).toBeLessThan(engineBytes + sessions * mostBytesPerSession);
    expect(after.resources).toBeLessThanOrEqual(before.resources + 2);
  }, 300_000);
});
