import { describe, expect, it } from "vitest";
import { Box } from "../../../test/cwmp/endpoint-harness.ts";
import { exampleMessages } from "../../../test/cwmp/messages.ts";
import { type Interference, envelope } from "../../../test/cwmp/scripted-acs.ts";
import { missingValidator, validateSoap } from "../../../test/cwmp/validate-soap.ts";
import { type CwmpMessage, type CwmpNamespace, cwmpNamespaces } from "../soap/message.ts";
import { cwmpVersions, dialectFor, hasRequest, inNamespace, olderDialect } from "./dialect.ts";

const namespaces = (box: Box): readonly (string | undefined)[] =>
  box.acs.sessions.map(({ posts }) => posts[0]?.namespace?.slice(-3));

/** An ACS that knows one namespace only and refuses all others. */
function speaks(namespace: CwmpNamespace, code: 8003 | 8006): Interference {
  return (request) => {
    if (request?.message.method !== "Inform" || request.namespace === namespace) return undefined;
    return envelope({ method: "Fault", code, text: "version" }, { id: request.header.id ?? "" });
  };
}

describe("CWMP versions", () => {
  it("are told by namespace and headers as far as each version has them", () => {
    const told = cwmpVersions.map((version) =>
      dialectFor({ version, sessionTimeout: true, supportedVersions: true }),
    );
    expect(told.map(({ namespace }) => namespace.slice(-3))).toEqual([
      "1-0",
      "1-1",
      "1-2",
      "1-2",
      "1-2",
    ]);
    expect(told.map(({ sessionTimeoutS }) => sessionTimeoutS)).toEqual([
      undefined,
      undefined,
      undefined,
      60,
      60,
    ]);
    expect(told.map(({ supportedVersions }) => supportedVersions)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      "1.0,1.1,1.2,1.3,1.4",
    ]);
    const quiet = dialectFor({ version: "1.4", sessionTimeout: false, supportedVersions: false });
    expect(quiet).toMatchObject({ sessionTimeoutS: undefined, supportedVersions: undefined });
    expect(olderDialect(quiet, 3)).toBeUndefined();
  });

  it("go back one namespace per attempt when the ACS refuses with 8006 or 8003, then begin anew", async () => {
    for (const code of [8006, 8003] as const) {
      const box = new Box();
      box.acs.interfere = speaks("urn:dslforum-org:cwmp-1-0", code);
      const endpoint = await box.start();
      await box.pass(60);
      expect(namespaces(box)).toEqual(["1-2", "1-1", "1-0"]);
      expect(endpoint.status().retryCount).toBe(0);
      box.acs.interfere = () => undefined;
      endpoint.requestSession("6 CONNECTION REQUEST");
      await box.settle();
      expect(namespaces(box).at(-1)).toBe("1-2");
    }
  });

  it("begin with the newest again when even the oldest was refused", async () => {
    const box = new Box();
    box.acs.interfere = (request) =>
      envelope({ method: "Fault", code: 8006, text: "" }, { id: request?.header.id ?? "" });
    await box.start();
    await box.pass(120);
    expect(namespaces(box).slice(0, 4)).toEqual(["1-2", "1-1", "1-0", "1-2"]);
  });

  it("leave out causes of failure that 1.0 does not know", () => {
    const told: CwmpMessage = {
      method: "TransferComplete",
      commandKey: "k",
      faultCode: 9016,
      faultString: "not found",
      startTime: "0001-01-01T00:00:00Z",
      completeTime: "0001-01-01T00:00:00Z",
    };
    expect(inNamespace(told, "urn:dslforum-org:cwmp-1-0")).toEqual({ ...told, faultCode: 9010 });
    expect(inNamespace(told, "urn:dslforum-org:cwmp-1-1")).toBe(told);
    const denied = { ...told, faultCode: 9001 };
    expect(inNamespace(denied, "urn:dslforum-org:cwmp-1-0")).toBe(denied);
  });

  it("leave out requests and events that came later", () => {
    const since = (method: string): readonly string[] =>
      cwmpVersions.filter((version) => hasRequest(version, method));
    expect(since("TransferComplete")).toEqual(cwmpVersions);
    expect(since("AutonomousTransferComplete")).toEqual(["1.1", "1.2", "1.3", "1.4"]);
    expect(since("DUStateChangeComplete")).toEqual(["1.2", "1.3", "1.4"]);
    expect(since("AutonomousDUStateChangeComplete")).toEqual(["1.2", "1.3", "1.4"]);
    const codes = [
      "1 BOOT",
      "7 TRANSFER COMPLETE",
      "10 AUTONOMOUS TRANSFER COMPLETE",
      "11 DU STATE CHANGE COMPLETE",
      "M ChangeDUState",
    ];
    const told = exampleMessages.find(({ method }) => method === "Inform");
    if (told?.method !== "Inform") throw new Error("no Inform");
    const events = codes.map((eventCode) => ({ eventCode, commandKey: "" }));
    const left = cwmpNamespaces.map((namespace) => {
      const message = inNamespace({ ...told, events }, namespace);
      return message.method === "Inform" ? message.events.map(({ eventCode }) => eventCode) : [];
    });
    expect(left).toEqual([codes.slice(0, 2), codes.slice(0, 3), codes]);
  });

  it("stay as they are after any other failure", async () => {
    const box = new Box();
    box.acs.interfere = (request) =>
      envelope({ method: "Fault", code: 8002, text: "" }, { id: request?.header.id ?? "" });
    await box.start();
    await box.pass(60);
    expect(new Set(namespaces(box))).toEqual(new Set(["1-2"]));
  });

  const reason = missingValidator();
  it.skipIf(reason !== undefined)(
    `follow UseCWMPVersion for the rest of the session, in valid envelopes ${reason ?? ""}`,
    async () => {
      for (const [useVersion, namespace] of [
        ["1.0", "1-0"],
        ["1.1", "1-1"],
        ["1.3", "1-2"],
      ] as const) {
        const box = new Box();
        box.acs.interfere = (request) =>
          request?.message.method === "Inform"
            ? envelope({ method: "InformResponse" }, { id: "1", useVersion })
            : undefined;
        box.acs.requests.push({ method: "GetRPCMethods" });
        await box.start();
        expect(box.acs.sessions[0]?.posts.at(-1)?.namespace).toBe(
          `urn:dslforum-org:cwmp-${namespace}`,
        );
        expect(validateSoap(box.acs.envelopes)).toBe("");
      }
    },
    30_000,
  );
});
