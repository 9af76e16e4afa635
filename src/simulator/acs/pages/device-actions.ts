import type { AcsRequest, RpcOutcome } from "../acs-messages.ts";
import type { DeviceRecord } from "../device-record.ts";
import type { TestAcs } from "../acs-port.ts";

/** A thing to do to a device, from the page or the API. */
export type DeviceAction =
  | { readonly action: "connect" }
  | { readonly action: "read" }
  | { readonly action: "reboot" }
  | { readonly action: "factoryReset" }
  | {
      readonly action: "scheduleInform";
      readonly delaySeconds: number;
      readonly commandKey: string;
    }
  | { readonly action: "download"; readonly transfer: TransferOrder }
  | { readonly action: "upload"; readonly transfer: TransferOrder }
  | { readonly action: "add"; readonly path: string }
  | { readonly action: "delete"; readonly path: string }
  | { readonly action: "set"; readonly values: Readonly<Record<string, string>> }
  | { readonly action: "get"; readonly paths: readonly string[] };

/** What to fetch or to bring. */
export interface TransferOrder {
  readonly fileType: string;
  /** A name on the file shelf, or a whole URL. */
  readonly file: string;
  readonly commandKey: string;
  readonly targetFileName: string;
  readonly delaySeconds: number;
}

/** What came of it: `ok` and one line for people. */
export interface ActionResult {
  readonly ok: boolean;
  readonly text: string;
}

/** Does it and waits for the outcome. */
export async function runAction(
  acs: TestAcs,
  device: DeviceRecord,
  action: DeviceAction,
): Promise<ActionResult> {
  switch (action.action) {
    case "connect": {
      const { problem, informAfterMs } = await acs.connectionRequest(device.id);
      if (problem !== undefined) return { ok: false, text: problem };
      return { ok: true, text: `Session began after ${informAfterMs ?? 0} ms` };
    }
    case "read":
      return await readEverything(acs, device);
    case "reboot":
      return await execute(acs, device, { method: "Reboot", commandKey: "" });
    case "factoryReset":
      return await execute(acs, device, { method: "FactoryReset" });
    case "scheduleInform": {
      const { delaySeconds, commandKey } = action;
      return await execute(acs, device, { method: "ScheduleInform", delaySeconds, commandKey });
    }
    case "download":
      return await execute(acs, device, downloadOf(acs, action.transfer));
    case "upload":
      return await execute(acs, device, uploadOf(acs, action.transfer));
    case "add":
      return await changeTable(acs, device, { method: "AddObject", path: action.path });
    case "delete":
      return await changeTable(acs, device, { method: "DeleteObject", path: action.path });
    case "get":
      return await execute(acs, device, { method: "GetParameterValues", paths: action.paths });
    case "set":
      return toResult(await acs.setParameterValues(device.id, action.values), "SetParameterValues");
  }
}

/** Adds or deletes a row, and reads the table again so that the page shows it. */
async function changeTable(
  acs: TestAcs,
  device: DeviceRecord,
  change: { readonly method: "AddObject" | "DeleteObject"; readonly path: string },
): Promise<ActionResult> {
  const result = await execute(acs, device, { ...change, parameterKey: "" });
  if (!result.ok) return result;
  const table = change.path.replace(/\.(\d+|\[[^\]]*\])\.$/, ".");
  await execute(acs, device, { method: "GetParameterNames", path: table, nextLevel: false });
  const read = await execute(acs, device, { method: "GetParameterValues", paths: [table] });
  return read.ok ? result : read;
}

function downloadOf(acs: TestAcs, order: TransferOrder): AcsRequest {
  const { commandKey, fileType, targetFileName, delaySeconds } = order;
  const fileSize = acs.files.get(order.file)?.bytes.length ?? 0;
  return {
    method: "Download",
    ...{ commandKey, fileType, targetFileName, delaySeconds, fileSize },
    ...{ url: urlOf(acs, order.file), ...noCredentials, successUrl: "", failureUrl: "" },
  };
}

function uploadOf(acs: TestAcs, order: TransferOrder): AcsRequest {
  const { commandKey, fileType, delaySeconds } = order;
  const url = urlOf(acs, order.file);
  return { method: "Upload", commandKey, fileType, delaySeconds, url, ...noCredentials };
}

const noCredentials = { username: "", password: "" };

function urlOf(acs: TestAcs, file: string): string {
  return file.includes("://") ? file : acs.files.url(file);
}

async function readEverything(acs: TestAcs, device: DeviceRecord): Promise<ActionResult> {
  const names = { method: "GetParameterNames", path: "", nextLevel: false } as const;
  const first = await execute(acs, device, names);
  if (!first.ok) return first;
  return await execute(acs, device, { method: "GetParameterValues", paths: [""] });
}

async function execute(
  acs: TestAcs,
  device: DeviceRecord,
  request: AcsRequest,
): Promise<ActionResult> {
  return toResult(await acs.execute(device.id, request), request.method);
}

function toResult(outcome: RpcOutcome, method: string): ActionResult {
  switch (outcome.outcome) {
    case "response": {
      const { message } = outcome;
      const status = "status" in message ? `, Status ${message.status}` : "";
      return { ok: true, text: `${method} done${status}` };
    }
    case "fault": {
      const reasons = outcome.parameters.map(({ path, code, text }) => `${path}: ${code} ${text}`);
      const text = [`${outcome.code} ${outcome.text}`, ...reasons].join("; ");
      return { ok: false, text: `${method} refused: ${text}` };
    }
    case "lost":
      return { ok: false, text: `${method} not done: ${outcome.reason}` };
  }
}
