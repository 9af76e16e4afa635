import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decodeEnvelope } from "../../src/cwmp/soap/decode.ts";
import type { AcsRequest } from "../../src/simulator/acs/acs-messages.ts";
import type { DeviceRecord } from "../../src/simulator/acs/device-record.ts";
import { operatorScript } from "../../src/simulator/acs/session-script.ts";
import { missingValidator, validateSoap } from "../cwmp/validate-soap.ts";
import { setUp } from "../support/command.ts";
import type { Daemon } from "../support/daemon.ts";
import { type Envelope, Site } from "../support/site.ts";
import { hasTr106Validator, reportLeftOut, validateTr106 } from "../support/validate-tr106.ts";
import { waitUntil } from "../support/wait-until.ts";

const service = "Device.Services.X_MFPGATE-ORG_MFP.1.";
const dataModel = "x-mfpgate-org-mfp-1-0.xml";

/** Every RPC of the ACS, well and badly used. */
const requests: readonly AcsRequest[] = [
  { method: "GetRPCMethods" },
  { method: "GetParameterNames", path: "", nextLevel: false },
  { method: "GetParameterNames", path: "Device.", nextLevel: true },
  { method: "GetParameterNames", path: "Device.Nonsense.", nextLevel: false },
  { method: "GetParameterValues", paths: [""] },
  { method: "GetParameterValues", paths: ["Device.Nonsense"] },
  {
    method: "SetParameterValues",
    parameterKey: "first & <last>",
    parameters: [
      { path: "Device.DeviceInfo.ProvisioningCode", value: "a <b> & \"c\" 'd'", type: "string" },
    ],
  },
  {
    method: "SetParameterValues",
    parameterKey: "never",
    parameters: [
      { path: "Device.DeviceInfo.SerialNumber", value: "1", type: "string" },
      { path: "Device.Nonsense", value: "1", type: "string" },
      { path: "Device.ManagementServer.PeriodicInformInterval", value: "0", type: "unsignedInt" },
    ],
  },
  {
    method: "SetParameterAttributes",
    attributes: [{ path: "Device.DeviceInfo.ProvisioningCode", notification: 1 }],
  },
  { method: "GetParameterAttributes", paths: ["Device.DeviceInfo."] },
  { method: "AddObject", path: "Device.Services.", parameterKey: "" },
  { method: "DeleteObject", path: `${service}Supply.1.`, parameterKey: "" },
  { method: "Raw", name: "Nonsense", xml: "<cwmp:Nonsense></cwmp:Nonsense>" },
];

/** What only the box itself takes part in: tables, transfers, schedules, deployment units. */
function boxRequests(site: Site): readonly AcsRequest[] {
  const nobody = { username: "", password: "" };
  const { files } = site.acs;
  const config = { fileType: "3 Vendor Configuration File", targetFileName: "", fileSize: 0 };
  const window = {
    startS: 3_600,
    endS: 7_200,
    mode: "1 At Any Time",
    userMessage: "",
    maxRetries: 0,
  };
  files.put("bad.yaml", "proxier: [");
  return [
    { method: "AddObject", path: "Device.ManagementServer.InformParameter.", parameterKey: "add" },
    {
      method: "DeleteObject",
      path: "Device.ManagementServer.InformParameter.1.",
      parameterKey: "delete",
    },
    { method: "ScheduleInform", delaySeconds: 1, commandKey: "soon" },
    {
      method: "Upload",
      ...{ commandKey: "log", fileType: "4 Vendor Log File 1", delaySeconds: 0 },
      ...{ url: files.url("log.txt"), ...nobody },
    },
    {
      method: "Download",
      ...{ commandKey: "bad", delaySeconds: 0, successUrl: "", failureUrl: "" },
      ...{ url: files.url("bad.yaml"), ...config, ...nobody },
    },
    {
      method: "ScheduleDownload",
      ...{ commandKey: "later", url: files.url("bad.yaml"), ...config, ...nobody },
      windows: [window],
    },
    { method: "GetQueuedTransfers" },
    { method: "GetAllQueuedTransfers" },
    { method: "CancelTransfer", commandKey: "later" },
    {
      method: "ChangeDUState",
      commandKey: "units",
      operations: [
        {
          operation: "Install",
          ...{ url: files.url("unit"), uuid: "", version: "", executionEnvRef: "", ...nobody },
        },
        {
          operation: "Uninstall",
          uuid: "00000000-0000-4000-8000-000000000001",
          ...{ url: "", version: "", executionEnvRef: "", ...nobody },
        },
      ],
    },
    { method: "GetOptions", optionName: "" },
    { method: "SetVouchers" },
  ];
}

describe("what goes over the wire", () => {
  let site: Site;
  let daemon: Daemon;
  let printer: DeviceRecord;
  let proxier: DeviceRecord;

  /** A run in which everything is said at least once. */
  beforeAll(async () => {
    setUp();
    const script = operatorScript({ periodicInformS: 3_600, newPassword: () => "cr-password" });
    site = await Site.open({
      recordings: ["ricoh-im-c2590"],
      isCaptured: true,
      printers: { restartMs: 300 },
      acs: { scripts: [script] },
    });
    daemon = await site.start(site.configure({ transfers: { allowHosts: ["127.0.0.1"] } }));
    [printer, proxier] = await site.acs.waitFor(() => takenOver(site), 30_000);
    for (const device of [printer, proxier])
      for (const request of requests) {
        const { outcome } = await site.acs.execute(device.id, request);
        expect(outcome, request.method).not.toBe("lost");
      }
    const ordered = boxRequests(site).map((request) => site.acs.queue(proxier.id, request));
    await daemon.post("/api/v1/printers/proxier/inform");
    for (const { outcome } of await Promise.all(ordered)) expect(outcome).not.toBe("lost");
    await letThingsHappen();
  }, 120_000);
  afterAll(() => site.stop());

  /** A jam, a periodic Inform, a restart, a kick, and the ends of what was ordered. */
  async function letThingsHappen(): Promise<void> {
    const wait = (eventCode: string, device = printer): Promise<true> =>
      site.acs.waitFor(
        () => device.events.all().some((event) => event.eventCode === eventCode) || undefined,
        20_000,
      );
    const next = encodeURIComponent(`${site.acs.pageUrl}api/violations`);
    await daemon.get(`/kick?command=help&next=${next}`);
    await wait("5 KICKED", proxier);
    await wait("3 SCHEDULED", proxier);
    await wait("11 DU STATE CHANGE COMPLETE", proxier);
    for (const commandKey of ["log", "bad"]) {
      await site.acs.waitFor(() => proxier.transferResult(commandKey), 20_000);
    }
    site.printers[0]?.jam();
    await wait("4 VALUE CHANGE");
    await daemon.post(`/api/v1/printers/002673-3133rd00127/inform`);
    await wait("2 PERIODIC");
    const reboot = { method: "Reboot", commandKey: "night" } as const;
    expect((await site.acs.execute(printer.id, reboot)).outcome).toBe("response");
    await wait("M Reboot");
    await waitUntil("the session is over", () => printer.sessions.last()?.endedAtMs);
  }

  it("breaks no rule the test ACS knows", () => {
    const known = site.acs.violations().map(({ text }) => text);
    expect(known).toEqual([]);
  });

  it("is valid SOAP and CWMP, one of each kind of message", () => {
    const kinds = new Map(site.envelopes().map((envelope) => [kindOf(envelope), envelope.text]));
    expect([...kinds.keys()]).toEqual(
      expect.arrayContaining([
        "cpe Inform 0 BOOTSTRAP, 1 BOOT",
        "cpe Inform 6 CONNECTION REQUEST",
        "cpe Inform 4 VALUE CHANGE",
        "cpe Inform 2 PERIODIC",
        "cpe Inform 1 BOOT, M Reboot",
        "cpe GetRPCMethodsResponse",
        "cpe GetParameterNamesResponse",
        "cpe GetParameterValuesResponse",
        "cpe SetParameterValuesResponse",
        "cpe SetParameterAttributesResponse",
        "cpe GetParameterAttributesResponse",
        "cpe RebootResponse",
        "cpe Fault 9000",
        "cpe Fault 9003 of 3 parameters",
        "cpe Fault 9005",
        "acs InformResponse",
        "acs SetParameterValues",
        "cpe AddObjectResponse",
        "cpe DeleteObjectResponse",
        "cpe ScheduleInformResponse",
        "cpe UploadResponse",
        "cpe DownloadResponse",
        "cpe ScheduleDownloadResponse",
        "cpe GetQueuedTransfersResponse",
        "cpe GetAllQueuedTransfersResponse",
        "cpe CancelTransferResponse",
        "cpe ChangeDUStateResponse",
        "cpe TransferComplete",
        "cpe DUStateChangeComplete",
        "cpe Kicked",
        "cpe GetRPCMethods",
        "acs GetRPCMethodsResponse",
        "acs TransferCompleteResponse",
        "acs DUStateChangeCompleteResponse",
        "acs KickedResponse",
        "acs ScheduleDownload",
        "acs ChangeDUState",
        "acs GetOptions",
        "acs SetVouchers",
      ]),
    );
    const reason = missingValidator();
    if (reason !== undefined) {
      process.stderr.write(`${reason} (${kinds.size} kinds of envelope)\n`);
      return;
    }
    kinds.delete("acs Unknown");
    expect(validateSoap([...kinds.values()])).toBe("");
  });

  it("is described by device types and a data model, which are valid", async () => {
    const base = await describedBy(printer);
    await describedBy(proxier);
    const model = await fetchDocument(`${base}/dt/${dataModel}`);
    if (hasTr106Validator) expect(validateTr106(dataModel, model)).toMatchObject({ valid: true });
    else reportLeftOut("device types and data model as served");
  });

  /** Validates the device types a device names; returns the address before `/dt/`. */
  async function describedBy(device: DeviceRecord): Promise<string> {
    const urls = [...device.parameters]
      .filter(([path]) => /\.SupportedDataModel\.\d+\.URL$/.test(path))
      .map(([, { value = "" }]) => value);
    expect(urls.length).toBeGreaterThan(0);
    for (const url of urls) {
      const document = await fetchDocument(url);
      expect(document).toContain("<dt:document");
      if (!hasTr106Validator) continue;
      expect(validateTr106(url.replace(/^.*\//, ""), document), url).toMatchObject({ valid: true });
    }
    return (urls[0] ?? "").replace(/\/dt\/.*$/, "");
  }

  async function fetchDocument(url: string): Promise<string> {
    const response = await fetch(url);
    expect(response.status, url).toBe(200);
    expect(response.headers.get("content-type"), url).toMatch(/xml/);
    return response.text();
  }
});

/** Printer and proxier, once the ACS has read both. */
function takenOver({ acs }: Site): [DeviceRecord, DeviceRecord] | undefined {
  const read = acs
    .devices()
    .filter((device) =>
      device.rpcs.all().some(({ method }) => method === "SetParameterAttributes"),
    );
  const printer = read.find(({ deviceId }) => deviceId.manufacturer === "Ricoh");
  const proxier = read.find(({ deviceId }) => deviceId.manufacturer === "e2e");
  return printer === undefined || proxier === undefined ? undefined : [printer, proxier];
}

/** Messages of a kind need one validation: direction, method, and what else makes a difference. */
function kindOf({ from, text }: Envelope): string {
  const { message } = decodeEnvelope(text);
  const kind = `${from} ${message.method}`;
  if (message.method === "Inform")
    return `${kind} ${message.events.map(({ eventCode }) => eventCode).join(", ")}`;
  if (message.method !== "Fault") return kind;
  const { code, parameters = [] } = message;
  const listed = parameters.length === 0 ? "" : ` of ${parameters.length} parameters`;
  return `${kind} ${code}${listed}`;
}
