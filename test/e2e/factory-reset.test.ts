import { afterEach, beforeAll, describe, expect, it } from "vitest";
import type { AcsRequest, RpcOutcome } from "../../src/simulator/acs/acs-messages.ts";
import type { DeviceRecord } from "../../src/simulator/acs/device-record.ts";
import { takeOverConnectionRequests } from "../../src/simulator/acs/session-script.ts";
import { setUp } from "../support/command.ts";
import type { Daemon } from "../support/daemon.ts";
import { Site } from "../support/site.ts";
import { waitUntil } from "../support/wait-until.ts";

const server = "Device.ManagementServer.";
const rows = `${server}X_MFPGATE-ORG_ProxiedDevice.`;

/** Set with the rest, the ACS would not be heard of again, or the box would restart. */
const cutsOff =
  /\.ManagementServer\.(EnableCWMP|URL|Username|Password|HTTPConnectionRequestEnable|HTTPCompression|DelayReboot|ConnReqXMPPConnection|ConnectionRequest(Username|Password)|InstanceMode)$/;
/** Words of a list, of which the first is not the one in force. */
const words: Readonly<Record<string, string>> = {
  "ManagementServer.ScheduleReboot": "2020-01-01T00:00:00Z",
  "ManagementServer.LightweightNotificationProtocolsUsed": "UDP",
  "AutonomousTransferCompletePolicy.FileTypeFilter": "2 Web Content",
  "AutonomousTransferCompletePolicy.ResultTypeFilter": "Failure",
  "AutonomousTransferCompletePolicy.TransferTypeFilter": "Upload",
  "Connection.1.ServerConnectAlgorithm": "DNS",
  ".Presentation": "Embedded",
};

let site: Site;
let daemon: Daemon;

beforeAll(setUp);
afterEach(async () => {
  await site.stop();
});

/** A box with one printer shown as a device of its own, which the ACS manages as well. */
async function open(firstPrinter: string): Promise<DeviceRecord> {
  site = await Site.open({
    recordings: ["kyocera-ecosys-m6690cidn"],
    firstPrinter,
    acs: { scripts: [takeOverConnectionRequests(() => "cr-password-1")] },
  });
  const xmpp = {
    service: "xmpp://127.0.0.1:9",
    domain: "localhost",
    username: "configured",
    password: "canary-xmpp",
    enabled: false,
  };
  const listen = `127.0.0.1:${site.connectionRequestPort}`;
  daemon = await site.start(site.configure({ connectionRequest: { listen, xmpp } }));
  return managed("mfpgate");
}

function managed(productClass?: string): Promise<DeviceRecord> {
  return waitUntil(`${productClass ?? "the printer"} is under management`, () =>
    site.acs
      .devices()
      .find(
        ({ deviceId, connectionRequestCredentials, sessions }) =>
          (productClass ?? deviceId.productClass) === deviceId.productClass &&
          (productClass !== undefined || deviceId.productClass !== "mfpgate") &&
          connectionRequestCredentials !== undefined &&
          sessions.last()?.endedAtMs !== undefined,
      ),
  );
}

async function ask(box: DeviceRecord, request: AcsRequest): Promise<RpcOutcome> {
  return waitUntil(`${request.method} is answered`, async () => {
    const outcome = await site.acs.execute(box.id, request);
    return outcome.outcome !== "lost" && outcome;
  });
}

async function answered(box: DeviceRecord, request: AcsRequest) {
  const outcome = await ask(box, request);
  if (outcome.outcome !== "response") throw new Error(JSON.stringify([request, outcome]));
  return outcome.message;
}

/** Path → type and value. */
async function read(box: DeviceRecord, paths: readonly string[]) {
  const message = await answered(box, { method: "GetParameterValues", paths });
  if (message.method !== "GetParameterValuesResponse") throw new Error("no values");
  return new Map(
    message.parameters.map(({ path, type = "string", value }) => [path, { type, value }] as const),
  );
}

/** Everything the ACS may set on the box itself, with its value. */
async function writable(box: DeviceRecord) {
  const message = await answered(box, { method: "GetParameterNames", path: "", nextLevel: false });
  if (!("names" in message)) throw new Error("no names");
  const paths = message.names.flatMap(({ path, writable }) =>
    writable && !path.endsWith(".") && !path.startsWith("Device.Services.") ? [path] : [],
  );
  return read(box, paths);
}

/** Another value of the same type, and another one for each `index`. */
function otherValue(path: string, type: string, value: string, index: number): string {
  const word = Object.entries(words).find(([end]) => path.endsWith(end));
  if (word !== undefined) return word[1];
  if (type === "boolean") return value === "true" ? "false" : "true";
  if (type === "dateTime") return "2030-01-01T00:00:00Z";
  return /nt$|ong$/.test(type) ? String(Number(value) + 1) : `other-${index}`;
}

async function resetBox(box: DeviceRecord): Promise<readonly string[]> {
  const known = box.events.all().length;
  await answered(box, { method: "FactoryReset" });
  await waitUntil("the box begins anew", () =>
    box.events
      .all()
      .slice(known)
      .some(({ eventCode }) => eventCode === "0 BOOTSTRAP"),
  );
  await waitUntil("the ACS has it again", () => box.sessions.last()?.endedAtMs !== undefined);
  return box.events
    .all()
    .slice(known)
    .map(({ eventCode }) => eventCode);
}

describe("FactoryReset of the proxier", () => {
  it("is listed, and puts everything back that the ACS can set, and nothing else", async () => {
    const box = await open("127.21.0.1");
    const listed = await answered(box, { method: "GetRPCMethods" });
    expect("methods" in listed && listed.methods).toContain("FactoryReset");
    const printer = await managed();
    const before = await writable(box);
    expect(before.size).toBeGreaterThan(80);

    const candidates = [...before].filter(([path]) => !cutsOff.test(path));
    const asked = candidates.map(([path, { type, value }], index) => {
      const parameters = [{ path, type, value: otherValue(path, type, value, index) }];
      const request = { method: "SetParameterValues", parameters, parameterKey: "k" } as const;
      return site.acs.queue(box.id, request);
    });
    await ask(box, { method: "GetRPCMethods" });
    const outcomes = await Promise.all(asked);
    const pathsOf = (outcome: RpcOutcome["outcome"]): readonly string[] =>
      candidates.flatMap(([path], index) => (outcomes[index]?.outcome === outcome ? [path] : []));
    const changed = pathsOf("response");
    const refused = pathsOf("fault");
    expect(changed.length + refused.length).toBe(candidates.length);
    // Words of a list or paths of rows that make no sense here.
    expect(refused.filter((path) => !/Diagnostics|Test\.|Interface$/.test(path))).toEqual([]);
    await answered(box, {
      method: "AddObject",
      path: `${server}InformParameter.`,
      parameterKey: "",
    });
    const set = await read(box, changed);
    const hasNewValue = changed.filter((path) => set.get(path)?.value !== before.get(path)?.value);
    expect(hasNewValue).toContain("Device.DeviceInfo.ProvisioningCode");
    expect(hasNewValue).toContain("Device.XMPP.Connection.1.Username");
    expect(hasNewValue).toContain(`${rows}1.Presentation`);
    const meters = await daemon.get("/api/v1/printers");

    expect(await resetBox(box)).toEqual(expect.arrayContaining(["0 BOOTSTRAP", "1 BOOT"]));
    const after = await writable(box);
    const credentials = /ConnectionRequest(Username|Password)$/;
    for (const [path, { value }] of before)
      if (!credentials.test(path)) expect([path, after.get(path)?.value]).toEqual([path, value]);
    expect([...after.keys()]).toEqual([...before.keys()]);

    // Identities, printers, numbers of rows and the list of events are there as before.
    expect(await daemon.get("/api/v1/printers")).toMatchObject(
      (meters as readonly { readonly id: string }[]).map(({ id }) => ({ id })),
    );
    const kinds = (await daemon.get("/api/v1/events")) as readonly { readonly kind: string }[];
    expect(kinds.map(({ kind }) => kind)).toContain("box.reset");
    await waitUntil("the printer is a device of its own again", async () => {
      const { status } = await site.acs.connectionRequest(printer.id);
      return status === 200;
    });
    expect(
      printer.events.all().filter(({ eventCode }) => eventCode === "0 BOOTSTRAP"),
    ).toHaveLength(1);
    expect(site.acs.violations()).toEqual([]);
  });

  it("is in force after a restart too, and made up for when the service is killed on the way", async () => {
    const box = await open("127.21.1.1");
    const code = "Device.DeviceInfo.ProvisioningCode";
    const presentation = `${rows}1.Presentation`;
    await managed();
    for (const isKilled of [false, true]) {
      await ask(box, {
        method: "SetParameterValues",
        parameters: [
          { path: code, value: "site 9", type: "string" },
          { path: presentation, value: "None", type: "string" },
        ],
        parameterKey: "k",
      });
      const known = box.events.all().length;
      await answered(box, { method: "FactoryReset" });
      if (isKilled) await daemon.kill();
      else await waitUntil("the box begins anew", () => box.events.all().length > known);
      if (!isKilled) await daemon.stop();
      daemon = await site.start(`${site.folder}/config.yaml`);
      await waitUntil("BOOTSTRAP is there", () =>
        box.events
          .all()
          .slice(known)
          .some(({ eventCode }) => eventCode === "0 BOOTSTRAP"),
      );
      const values = await waitUntil("both are as before", async () => {
        const now = await read(box, [code, presentation, `${server}ParameterKey`]);
        return now.get(presentation)?.value === "Auto" && now;
      });
      expect(values.get(code)?.value).toBe("");
    }
  });
});
