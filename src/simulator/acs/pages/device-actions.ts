import type { AcsRequest, RpcOutcome } from "../acs-messages.ts";
import type { DeviceRecord } from "../device-record.ts";
import type { TestAcs } from "../acs-port.ts";

/** A thing to do to a device, from the page or the API. */
export type DeviceAction =
  | { readonly action: "connect" }
  | { readonly action: "read" }
  | { readonly action: "reboot" }
  | { readonly action: "set"; readonly values: Readonly<Record<string, string>> }
  | { readonly action: "get"; readonly paths: readonly string[] };

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
    case "get":
      return await execute(acs, device, { method: "GetParameterValues", paths: action.paths });
    case "set":
      return toResult(await acs.setParameterValues(device.id, action.values), "SetParameterValues");
  }
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

/** Reads an action from JSON; undefined when it is none. */
export function parseAction(value: unknown): DeviceAction | undefined {
  if (typeof value !== "object" || value === null || !("action" in value)) return undefined;
  switch (value.action) {
    case "connect":
    case "read":
    case "reboot":
      return { action: value.action };
    case "set":
      return "values" in value ? parseSet(value.values) : undefined;
    case "get":
      return "paths" in value && Array.isArray(value.paths)
        ? { action: "get", paths: value.paths.map(String) }
        : undefined;
    default:
      return undefined;
  }
}

function parseSet(values: unknown): DeviceAction | undefined {
  if (typeof values !== "object" || values === null) return undefined;
  const entries = Object.entries(values).map(([path, value]) => [path, String(value)] as const);
  return { action: "set", values: Object.fromEntries(entries) };
}
