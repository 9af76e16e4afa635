import type { AcsRequest, RpcOutcome } from "./acs-messages.ts";
import type { DeviceRecord } from "./device-record.ts";

/** What a script sees of its session. */
export interface ScriptContext {
  readonly device: DeviceRecord;
  /** Event codes of the Inform. */
  readonly events: readonly string[];
  /** Calls an RPC in this session and resolves with what came of it. */
  readonly call: (request: AcsRequest) => Promise<RpcOutcome>;
  readonly nowMs: () => number;
}

/** Runs once in every session, from the Inform on; the session ends when all scripts and queued RPCs are done. */
export type SessionScript = (context: ScriptContext) => Promise<void>;

/** Several scripts one after another. */
export function inSequence(...scripts: readonly SessionScript[]): SessionScript {
  return async (context) => {
    for (const script of scripts) await script(context);
  };
}

/** Reads names and values of the whole tree when `isDue`, so many values a request. */
export function readTree(
  isDue: (context: ScriptContext) => boolean = isFirstContact,
  batchSize = 100,
): SessionScript {
  return async (context) => {
    if (!isDue(context)) return;
    const { device, call } = context;
    const answer = await call({ method: "GetParameterNames", path: "", nextLevel: false });
    if (answer.outcome !== "response") return;
    const leaves = [...device.parameters.keys()].filter((path) => !path.endsWith("."));
    for (let start = 0; start < leaves.length; start += batchSize) {
      const paths = leaves.slice(start, start + batchSize);
      const values = await call({ method: "GetParameterValues", paths });
      if (values.outcome !== "response") return;
    }
    device.treeReadAtMs = context.nowMs();
  };
}

/** The device is new, was reset, or is new to this ACS. */
export function isFirstContact({ device, events }: ScriptContext): boolean {
  return device.treeReadAtMs === undefined || events.includes("0 BOOTSTRAP");
}

/** First contact, or a periodic Inform or change of the number of rows when the tree was read a while ago. */
export function isTreeOld(context: ScriptContext): boolean {
  const { device, events, nowMs } = context;
  if (isFirstContact(context)) return true;
  const ageMs = nowMs() - (device.treeReadAtMs ?? 0);
  const isOccasion = events.includes("2 PERIODIC") || events.includes("4 VALUE CHANGE");
  return isOccasion && ageMs > 2_000;
}

/** Sets the period of Informs at first contact. */
export function setPeriodicInform(intervalS: number): SessionScript {
  return async (context) => {
    if (!isFirstContact(context)) return;
    const server = "Device.ManagementServer.";
    const parameters = [
      { path: `${server}PeriodicInformEnable`, value: "true", type: "boolean" },
      { path: `${server}PeriodicInformInterval`, value: String(intervalS), type: "unsignedInt" },
    ];
    await context.call({ method: "SetParameterValues", parameters, parameterKey: "" });
  };
}

/** Gives the device credentials for connection requests at first contact, as ACSs do. */
export function takeOverConnectionRequests(newPassword: () => string): SessionScript {
  return async (context) => {
    const { device, call } = context;
    const isKnown = device.connectionRequestCredentials !== undefined;
    if (isKnown && !context.events.includes("0 BOOTSTRAP")) return;
    const credentials = { username: device.id.slice(0, 256), password: newPassword() };
    const server = "Device.ManagementServer.ConnectionRequest";
    const parameters = [
      { path: `${server}Username`, value: credentials.username, type: "string" },
      { path: `${server}Password`, value: credentials.password, type: "string" },
    ];
    const answer = await call({ method: "SetParameterValues", parameters, parameterKey: "" });
    if (answer.outcome === "response") device.connectionRequestCredentials = credentials;
  };
}

/** Asks for active notification of the parameters `isWatched` picks, once the tree is known. */
export function watchActively(isWatched: (path: string) => boolean): SessionScript {
  const watched = new WeakMap<object, Set<string>>();
  return async ({ device, events, call }) => {
    const known = events.includes("0 BOOTSTRAP") ? undefined : watched.get(device);
    const done = known ?? new Set<string>();
    const paths = [...device.parameters.keys()].filter(
      (path) => !path.endsWith(".") && isWatched(path) && !done.has(path),
    );
    if (paths.length === 0) return;
    const attributes = paths.map((path) => ({ path, notification: 2 }));
    const answer = await call({ method: "SetParameterAttributes", attributes });
    if (answer.outcome !== "response") return;
    watched.set(device, new Set([...done, ...paths]));
  };
}

/** Not the processes of the box, which deny active notification and with it the whole request. */
const stateParameters =
  /^(?!.*\.ProcessStatus\.).*\.(State|StateReasons|ConsoleText|Reachability|AlertNumberOfEntries|VirtualDeviceNumberOfEntries)$/;

/** What the demo and `mfpgate acs` do with every device: take it over, read it, watch its state, keep it fresh. */
export function operatorScript(options: {
  readonly periodicInformS: number;
  readonly newPassword: () => string;
}): SessionScript {
  return inSequence(
    takeOverConnectionRequests(options.newPassword),
    setPeriodicInform(options.periodicInformS),
    readTree(isTreeOld),
    watchActively((path) => stateParameters.test(path)),
  );
}
