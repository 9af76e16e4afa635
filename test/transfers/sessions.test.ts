import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { CwmpEndpoint } from "../../src/cwmp/endpoint/endpoint.ts";
import type { DeviceActions } from "../../src/cwmp/parameter-tree.ts";
import type { CwmpMessage } from "../../src/cwmp/soap/message.ts";
import { Box } from "../cwmp/endpoint-harness.ts";
import { type Interference, envelope } from "../cwmp/scripted-acs.ts";
import { missingValidator, validateSoap } from "../cwmp/validate-soap.ts";
import { waitUntil } from "../support/wait-until.ts";
import { FileServer } from "./file-server.ts";
import { TransferBox } from "./transfer-box.ts";

let files: TransferBox;
let server: FileServer;
let box: Box;
let actions: DeviceActions;

beforeEach(async () => {
  files = new TransferBox();
  await files.start();
  server = await FileServer.start();
  box = new Box({
    get transfers() {
      return files.transfers;
    },
  });
  actions = { transfers: files.target, factoryReset: () => Promise.resolve() };
});
afterEach(async () => {
  await box.manager.stop();
  await server.stop();
  files.remove();
});

const download = (commandKey: string, path = "/file"): CwmpMessage => ({
  method: "Download",
  commandKey,
  fileType: "3 Vendor Configuration File",
  url: server.url(path),
  username: "",
  password: "",
  fileSize: 0,
  targetFileName: "",
  delaySeconds: 0,
  successUrl: "",
  failureUrl: "",
});

/** An ACS that answers each TransferComplete with this. */
const answersWith =
  (answer: CwmpMessage): Interference =>
  (request) =>
    request?.message.method === "TransferComplete"
      ? envelope(answer, { id: request.header.id ?? "" })
      : undefined;
const takesReports = answersWith({ method: "TransferCompleteResponse" });
const events = ["7 TRANSFER COMPLETE", "M Download k"];

/** Waits for the transfers to end and the sessions that follow to be over. */
async function transferred(count = 1): Promise<void> {
  await waitUntil("a report", () => files.target.applied.length >= count);
  await waitUntil("a session with the report", async () => {
    await box.settle();
    return box.acs.events().includes("7 TRANSFER COMPLETE");
  });
}

async function restarted(): Promise<CwmpEndpoint> {
  files.kill();
  await files.start();
  return box.restart({ actions });
}

describe("a Download within sessions", () => {
  it("is answered with Status 1 and told by TransferComplete in the next session, once", async () => {
    const endpoint = await box.start({ actions });
    box.acs.interfere = takesReports;
    box.acs.requests.push(download("k"));
    endpoint.requestSession("6 CONNECTION REQUEST");
    await transferred();
    expect(box.acs.answers(1)).toMatchObject([{ method: "DownloadResponse", status: 1 }]);
    expect(box.acs.events()).toEqual(events);
    expect(box.acs.answers()).toMatchObject([
      { method: "TransferComplete", commandKey: "k", faultCode: 0 },
    ]);
    await box.ask(endpoint, { method: "GetAllQueuedTransfers" });
    expect(box.acs.answers()).toEqual([{ method: "GetAllQueuedTransfersResponse", transfers: [] }]);
    expect(box.acs.events()).toEqual(["6 CONNECTION REQUEST"]);
  });

  it("is told in every session until the ACS answers without fault, over restarts and to another ACS", async () => {
    const endpoint = await box.start({ actions });
    box.acs.interfere = answersWith({ method: "Fault", code: 8002, text: "later" });
    box.acs.requests.push(download("k"));
    endpoint.requestSession("6 CONNECTION REQUEST");
    await transferred();
    const again = await restarted();
    expect(box.acs.events()).toEqual(events);
    await again.set([{ path: "Device.ManagementServer.URL", value: "http://new.example.net/" }]);
    await box.settle();
    expect(box.acs.events()).toEqual(["0 BOOTSTRAP", ...events]);
    box.acs.interfere = takesReports;
    again.requestSession("6 CONNECTION REQUEST");
    await box.settle();
    expect(box.acs.events()).toEqual(["6 CONNECTION REQUEST", ...events]);
    const sessions = box.acs.sessions.length;
    await restarted();
    expect(box.acs.sessions).toHaveLength(sessions);
  });

  it("brings one event and one report per request", async () => {
    const endpoint = await box.start({ actions });
    box.acs.interfere = answersWith({ method: "Fault", code: 8002, text: "later" });
    box.acs.requests.push(download("a"), download("b"));
    endpoint.requestSession("6 CONNECTION REQUEST");
    await transferred(2);
    const known = box.acs.sessions.length;
    box.acs.interfere = takesReports;
    endpoint.requestSession("6 CONNECTION REQUEST");
    await box.settle();
    expect(box.acs.sessions.length).toBeGreaterThan(known);
    expect(box.acs.events()).toEqual([
      "6 CONNECTION REQUEST",
      "7 TRANSFER COMPLETE",
      "M Download a",
      "M Download b",
    ]);
    const told = box.acs.answers().map((answer) => "commandKey" in answer && answer.commandKey);
    expect(told.sort()).toEqual(["a", "b"]);
  });

  it("is forgotten with a FactoryReset, reported or not", async () => {
    const endpoint = await box.start({ actions });
    box.acs.interfere = answersWith({ method: "Fault", code: 8002, text: "later" });
    box.acs.requests.push(download("k"));
    endpoint.requestSession("6 CONNECTION REQUEST");
    await transferred();
    await box.ask(endpoint, { method: "FactoryReset" });
    expect(box.acs.events()).toEqual(["0 BOOTSTRAP", "1 BOOT"]);
    expect(files.transfers.list()).toEqual([]);
    const sessions = box.acs.sessions.length;
    await restarted();
    expect(box.acs.sessions).toHaveLength(sessions);
  });

  it("is listed and answered only where the device takes files", async () => {
    const able = await box.start({ actions });
    const [listed] = await box.ask(able, { method: "GetRPCMethods" });
    expect(listed).toMatchObject({
      methods: expect.arrayContaining([
        "Download",
        "Upload",
        "ScheduleDownload",
        "CancelTransfer",
        "GetQueuedTransfers",
        "GetAllQueuedTransfers",
      ]) as string[],
    });
    const other = new Box();
    const unable = await other.start({ actions: {} });
    const answers = await other.ask(unable, { method: "GetRPCMethods" }, download("k"));
    expect(JSON.stringify(answers[0])).not.toContain("Transfer");
    expect(answers[1]).toMatchObject({ method: "Fault", code: 9000 });
  });

  it("is listed as far as the version of the session has it, and answered in any", async () => {
    const newer = ["CancelTransfer", "ChangeDUState", "GetAllQueuedTransfers", "ScheduleDownload"];
    const endpoint = await box.start({ actions });
    const listed = async (useVersion: string): Promise<readonly string[]> => {
      box.acs.interfere = (request) =>
        request?.message.method === "Inform"
          ? envelope({ method: "InformResponse" }, { id: request.header.id ?? "", useVersion })
          : undefined;
      const [list, answer] = await box.ask(
        endpoint,
        { method: "GetRPCMethods" },
        { method: "GetAllQueuedTransfers" },
      );
      expect(answer?.method).toBe("GetAllQueuedTransfersResponse");
      if (list?.method !== "GetRPCMethodsResponse") throw new Error("no list");
      expect(list.methods).toContain("Download");
      return list.methods.filter((method) => newer.includes(method)).sort();
    };
    expect(await listed("1.0")).toEqual([]);
    expect(await listed("1.1")).toEqual(["GetAllQueuedTransfers"]);
    expect(await listed("1.2")).toEqual(newer);
    expect(await listed("1.4")).toEqual(newer);
  });

  const reason = missingValidator();
  it.skipIf(reason !== undefined)(
    `and its RPCs make valid envelopes ${reason ?? ""}`,
    async () => {
      const endpoint = await box.start({ actions });
      server.answer = (request, response) => {
        response.writeHead(request.url === "/missing" ? 404 : 200).end("content");
      };
      box.acs.interfere = takesReports;
      box.acs.requests.push(
        download("k"),
        download("missing", "/missing"),
        { method: "GetQueuedTransfers" },
        { method: "GetAllQueuedTransfers" },
        { method: "CancelTransfer", commandKey: "unknown" },
      );
      endpoint.requestSession("6 CONNECTION REQUEST");
      await transferred();
      await waitUntil("both reports", async () => {
        await box.settle();
        return files.transfers.list().length === 0;
      });
      expect(box.acs.envelopes.join()).toContain("<FaultCode>9016</FaultCode>");
      expect(validateSoap(box.acs.envelopes)).toBe("");
    },
    30_000,
  );
});
