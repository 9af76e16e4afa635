import { describe, expect, it } from "vitest";
import { Box } from "../../../test/cwmp/endpoint-harness.ts";
import { type Interference, envelope } from "../../../test/cwmp/scripted-acs.ts";
import { missingValidator, validateSoap } from "../../../test/cwmp/validate-soap.ts";
import type { CwmpEndpoint } from "../endpoint/endpoint.ts";
import type { CwmpMessage } from "../soap/message.ts";
import { type AutonomousTransfer, mostAutonomousTransfers } from "./autonomous-transfer.ts";

const policy = "Device.ManagementServer.AutonomousTransferCompletePolicy.";
const event = "10 AUTONOMOUS TRANSFER COMPLETE";

const replaced: AutonomousTransfer = {
  isDownload: true,
  fileType: "3 Vendor Configuration File",
  transferUrl: "config.yaml",
  targetFileName: "config.yaml",
  fileSize: 321,
  startedAtMs: Date.UTC(2026, 0, 2, 3, 4, 5),
  completedAtMs: Date.UTC(2026, 0, 2, 3, 5, 0),
  faultCode: 0,
  faultString: "",
};
const logGiven: AutonomousTransfer = {
  ...replaced,
  isDownload: false,
  fileType: "7 Vendor Log File 2",
  faultCode: 9011,
  faultString: "disk full",
};

/** An ACS that lists the method and answers it so; a namespace other than ours is spoken from its first answer on. */
function takes(
  answer: CwmpMessage | Error = { method: "AutonomousTransferCompleteResponse" },
  { methods = ["Inform", "AutonomousTransferComplete"], version = "1-2" } = {},
): Interference {
  return (request) => {
    const id = request?.header.id ?? "";
    const say = (message: CwmpMessage) => {
      const { status, body = "" } = envelope(message, { id });
      return { status, body: body.replaceAll("cwmp-1-2", `cwmp-${version}`) };
    };
    switch (request?.message.method) {
      case "Inform":
        return say({ method: "InformResponse" });
      case "GetRPCMethods":
        return say({ method: "GetRPCMethodsResponse", methods });
      case "AutonomousTransferComplete":
        return answer instanceof Error ? answer : say(answer);
      default:
        return undefined;
    }
  };
}

function want(box: Box, endpoint: CwmpEndpoint, filters: Readonly<Record<string, string>> = {}) {
  const values = Object.entries({ Enable: "true", ...filters });
  return box.ask(endpoint, {
    method: "SetParameterValues",
    parameters: values.map(([name, value]) => ({ path: policy + name, value })),
    parameterKey: "",
  });
}

/** A box whose ACS enabled the policy. */
async function enabled(interfere = takes()): Promise<{ box: Box; endpoint: CwmpEndpoint }> {
  const box = new Box();
  const endpoint = await box.start();
  await want(box, endpoint);
  box.acs.interfere = interfere;
  return { box, endpoint };
}

const sent = (box: Box, index = -1): readonly string[] =>
  box.acs.answers(index).map(({ method }) => method);

describe("a transfer nobody ordered", () => {
  it("is told by AutonomousTransferComplete with event 10, after asking what the ACS takes, once", async () => {
    const { box, endpoint } = await enabled();
    expect(await endpoint.reportAutonomous(replaced)).toBe(true);
    await box.settle();
    expect(box.acs.events()).toEqual([event]);
    expect(sent(box)).toEqual(["GetRPCMethods", "AutonomousTransferComplete"]);
    expect(box.acs.answers().at(-1)).toEqual({
      method: "AutonomousTransferComplete",
      announceUrl: "",
      transferUrl: "config.yaml",
      isDownload: true,
      fileType: "3 Vendor Configuration File",
      fileSize: 321,
      targetFileName: "config.yaml",
      faultCode: 0,
      faultString: "",
      startTime: "2026-01-02T03:04:05Z",
      completeTime: "2026-01-02T03:05:00Z",
    });
    endpoint.requestSession("6 CONNECTION REQUEST");
    await box.settle();
    expect(box.acs.events()).toEqual(["6 CONNECTION REQUEST"]);
    expect(sent(box)).toEqual([]);
  });

  it("is told until answered: after a fault, a cut connection and over kill -9", async () => {
    const { box, endpoint } = await enabled(takes({ method: "Fault", code: 8002, text: "later" }));
    await endpoint.reportAutonomous(replaced);
    await box.settle();
    expect(sent(box)).toEqual(["GetRPCMethods", "AutonomousTransferComplete"]);
    box.acs.interfere = takes(new Error("cut"));
    await box.restart();
    expect(box.acs.events()).toEqual([event]);
    expect(sent(box)).toEqual(["AutonomousTransferComplete"]);
    box.acs.interfere = takes();
    await box.restart();
    expect(box.acs.events()).toEqual([event]);
    expect(sent(box)).toEqual(["AutonomousTransferComplete"]);
    const sessions = box.acs.sessions.length;
    await box.restart();
    expect(box.acs.sessions).toHaveLength(sessions);
  });

  it("is told one by one, though their event stands once", async () => {
    const { box, endpoint } = await enabled(() => new Error("away"));
    await Promise.all([
      endpoint.reportAutonomous(replaced),
      endpoint.reportAutonomous(logGiven),
      endpoint.reportAutonomous({ ...replaced, faultCode: 9018, faultString: "bad" }),
    ]);
    await box.settle();
    box.acs.interfere = takes();
    endpoint.requestSession("6 CONNECTION REQUEST");
    await box.settle();
    expect(box.acs.events()).toEqual([event, "6 CONNECTION REQUEST"]);
    const told = box.acs
      .answers()
      .flatMap((answer) => (answer.method === "AutonomousTransferComplete" ? [answer] : []));
    expect(told.map(({ faultCode }) => faultCode)).toEqual([0, 9011, 9018]);
  });

  it("is not told to an ACS that does not list the method", async () => {
    const { box, endpoint } = await enabled(takes(undefined, { methods: ["Inform"] }));
    await endpoint.reportAutonomous(replaced);
    await box.settle();
    expect(sent(box)).toEqual(["GetRPCMethods"]);
    expect(await endpoint.reportAutonomous(replaced)).toBe(false);
    expect(endpoint.status().pendingEvents).toEqual([]);
  });

  it("waits while the ACS speaks CWMP 1.0, which does not know it", async () => {
    const { box, endpoint } = await enabled(takes(undefined, { version: "1-0" }));
    await endpoint.reportAutonomous(replaced);
    await box.settle();
    expect(box.acs.events()).toEqual([event]);
    expect(sent(box)).toEqual([]);
    box.acs.interfere = takes(undefined, { version: "1-1" });
    endpoint.requestSession("6 CONNECTION REQUEST");
    await box.settle();
    expect(box.acs.events()).toEqual([event, "6 CONNECTION REQUEST"]);
    expect(sent(box)).toEqual(["GetRPCMethods", "AutonomousTransferComplete"]);
  });

  it("is forgotten when the ACS is another one, or the device was reset", async () => {
    const box = new Box();
    const actions = { factoryReset: () => Promise.resolve() };
    const endpoint = await box.start({ actions });
    for (const begin of [
      () =>
        endpoint.set([{ path: "Device.ManagementServer.URL", value: "http://new.example.net/" }]),
      () => box.ask(endpoint, { method: "FactoryReset" }),
    ]) {
      await want(box, endpoint);
      box.acs.interfere = takes({ method: "Fault", code: 8002, text: "later" });
      await endpoint.reportAutonomous(replaced);
      await box.settle();
      expect(endpoint.status().pendingEvents).toEqual([event]);
      await begin();
      await box.settle();
      expect(box.acs.events()).toContain("0 BOOTSTRAP");
      expect(box.acs.events()).not.toContain(event);
      expect(endpoint.status().pendingEvents).toEqual([]);
    }
  });

  it("is kept as many times as there is room for, the newest", async () => {
    const { box, endpoint } = await enabled(() => new Error("away"));
    for (let size = 1; size <= mostAutonomousTransfers + 1; size += 1) {
      await endpoint.reportAutonomous({ ...replaced, fileSize: size });
    }
    box.acs.interfere = takes();
    endpoint.requestSession("6 CONNECTION REQUEST");
    await box.settle();
    const sizes = box.acs
      .answers()
      .flatMap((answer) => ("fileSize" in answer ? [answer.fileSize] : []));
    expect(sizes).toHaveLength(mostAutonomousTransfers);
    expect(sizes[0]).toBe(2);
  });

  it("is refused when something is longer than the schema allows", async () => {
    const { endpoint } = await enabled();
    const long = { ...replaced, transferUrl: "x".repeat(1_025) };
    await expect(endpoint.reportAutonomous(long)).rejects.toMatchObject({
      code: "cwmp.invalid-argument",
    });
  });

  const reason = missingValidator();
  it.skipIf(reason !== undefined)(`makes a valid envelope ${reason ?? ""}`, async () => {
    const { box, endpoint } = await enabled();
    await endpoint.reportAutonomous(replaced);
    await endpoint.reportAutonomous(logGiven);
    await box.settle();
    expect(box.acs.envelopes.join()).toContain("<FaultCode>9011</FaultCode>");
    expect(validateSoap(box.acs.envelopes)).toBe("");
  });
});

describe("AutonomousTransferCompletePolicy", () => {
  it("wants nothing until the ACS enables it, then everything", async () => {
    const box = new Box();
    const endpoint = await box.start();
    expect(await endpoint.reportAutonomous(replaced)).toBe(false);
    await want(box, endpoint);
    expect(await endpoint.reportAutonomous(replaced)).toBe(true);
    expect(await endpoint.reportAutonomous(logGiven)).toBe(true);
  });

  it("filters by direction, result and file type, as it is when the transfer happens", async () => {
    const both = [true, true];
    const cases: readonly [Readonly<Record<string, string>>, readonly boolean[]][] = [
      [{ TransferTypeFilter: "Download" }, [true, false]],
      [{ TransferTypeFilter: "Upload" }, [false, true]],
      [{ TransferTypeFilter: "Both", ResultTypeFilter: "Success" }, [true, false]],
      [{ ResultTypeFilter: "Failure" }, [false, true]],
      [{ ResultTypeFilter: "Both", FileTypeFilter: "" }, [false, false]],
      [{ FileTypeFilter: "4 Vendor Log File, 2 Web Content" }, [false, true]],
      [{ FileTypeFilter: "3 Vendor Configuration File" }, [true, false]],
      [{ FileTypeFilter: "3 Vendor Configuration File,4 Vendor Log File" }, both],
    ];
    const { box, endpoint } = await enabled();
    for (const [filters, wanted] of cases) {
      await want(box, endpoint, filters);
      const told = [
        await endpoint.reportAutonomous(replaced),
        await endpoint.reportAutonomous(logGiven),
      ];
      expect(told, JSON.stringify(filters)).toEqual(wanted);
      await box.settle();
    }
    await want(box, endpoint, { FileTypeFilter: "X 00005E Fonts%2C all" });
    const fonts = { ...replaced, fileType: "X 00005E Fonts, all" };
    expect(await endpoint.reportAutonomous(fonts)).toBe(true);
    await want(box, endpoint, { Enable: "false" });
    expect(await endpoint.reportAutonomous(fonts)).toBe(false);
  });

  it("refuses words and file types that the standard does not have", async () => {
    const box = new Box();
    const endpoint = await box.start();
    for (const [name, value] of [
      ["TransferTypeFilter", "Sideways"],
      ["ResultTypeFilter", "both"],
      ["FileTypeFilter", "9 Anything"],
      ["FileTypeFilter", "X 00005e Fonts"],
      ["FileTypeFilter", `X 00005E ${"x".repeat(1_024)}`],
    ] as const) {
      const [answer] = await want(box, endpoint, { [name]: value });
      expect(answer, value).toMatchObject({
        method: "Fault",
        code: 9003,
        parameters: [{ code: 9007 }],
      });
    }
  });
});
