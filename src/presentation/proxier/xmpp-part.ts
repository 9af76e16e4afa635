import type { ParameterDefinition } from "../../model/definition.ts";
import { formatDateTime, fromWire, toWire } from "../../model/values.ts";
import { assignmentFault } from "../assignment.ts";
import type { TreePart } from "../composed-tree.ts";
import { buildNodes } from "../nodes.ts";
import { storedWrite } from "../stored-write.ts";
import type { Assignment, TreeWriteResult } from "../tree.ts";

/** The XMPP connection of the box, as its row in `Device.XMPP.Connection.` shows it. */
export interface XmppRow {
  /** A writable parameter by its name below the row, `Server.1.Port` and the like included. */
  setting(name: string): string;
  /** Puts settings in force; resolves when they are on disk. */
  set(settings: ReadonlyMap<string, string>): Promise<void>;
  /** How the connection is. */
  state(): XmppRowState;
  /** Called after anything but `set` changed something. Returns the unsubscribe function. */
  onChange(listener: () => void): () => void;
}

/** What nobody sets. */
export interface XmppRowState {
  readonly status: string;
  readonly changedAtMs: number;
  /** Full Jabber ID; empty before the first stream. */
  readonly jabberId: string;
  readonly statistics: {
    readonly received: number;
    readonly sent: number;
    readonly receivedErrors: number;
    readonly sentErrors: number;
  };
}

type Setting = Omit<ParameterDefinition, "access" | "description">;
type Shown = Pick<ParameterDefinition, "name" | "type" | "activeNotify"> & {
  readonly read: (row: XmppRow) => string;
};

const root = "Device.XMPP.";
const row = `${root}Connection.1.`;
const algorithms = ["DNS-SRV", "DNS", "ServerTable"] as const;

/** TR-181i2 2.17 `Device.XMPP.Connection.{i}.`: what the ACS may set. */
const settings: readonly Setting[] = [
  { name: "Enable", type: "boolean" },
  { name: "Username", type: "string", maxLength: 256 },
  { name: "Password", type: "string", maxLength: 256, hidden: true },
  { name: "Domain", type: "string", maxLength: 64 },
  { name: "Resource", type: "string", maxLength: 64 },
  { name: "ServerConnectAlgorithm", type: "string", enumeration: algorithms },
  { name: "KeepAliveInterval", type: "long", minimum: -1, units: "seconds" },
  { name: "ServerRetryInitialInterval", type: "unsignedInt", minimum: 1, maximum: 65_535 },
  { name: "ServerRetryIntervalMultiplier", type: "unsignedInt", minimum: 1_000, maximum: 65_535 },
  { name: "ServerRetryMaxInterval", type: "unsignedInt", minimum: 1 },
  { name: "Server.1.Enable", type: "boolean" },
  { name: "Server.1.ServerAddress", type: "string", maxLength: 256 },
  { name: "Server.1.Port", type: "unsignedInt", minimum: 0, maximum: 65_535 },
];

/** Read-only. There is no stream without TLS, so `UseTLS` cannot be taken off. */
const shown: readonly Shown[] = [
  { name: "JabberID", type: "string", read: (from) => from.state().jabberId },
  { name: "Status", type: "string", read: (from) => from.state().status },
  {
    name: "LastChangeDate",
    type: "dateTime",
    read: (from) => formatDateTime(from.state().changedAtMs),
  },
  { name: "UseTLS", type: "boolean", read: () => "true" },
  {
    name: "TLSEstablished",
    type: "boolean",
    read: (from) => String(from.state().status === "Enabled"),
  },
  { name: "ServerNumberOfEntries", type: "unsignedInt", read: () => "1" },
  counter("ReceivedMessages", ({ received }) => received),
  counter("TransmittedMessages", ({ sent }) => sent),
  counter("ReceivedErrorMessages", ({ receivedErrors }) => receivedErrors),
  counter("TransmittedErrorMessages", ({ sentErrors }) => sentErrors),
];

/** Of the object above the row. */
const above = [
  { path: `${root}ConnectionNumberOfEntries`, type: "unsignedInt", value: "1" },
  {
    path: `${root}SupportedServerConnectAlgorithms`,
    type: "string",
    value: algorithms.join(","),
  },
] as const;

const settingAt = new Map(settings.map((setting) => [row + setting.name, setting]));
const shownAt = new Map(shown.map((parameter) => [row + parameter.name, parameter]));
/** What changes by itself and is no counter. */
const movable = ["JabberID", "Status", "LastChangeDate", "TLSEstablished"].map(
  (name) => row + name,
);

const nodes = buildNodes([
  ...above.map(({ path, type }) => ({ path, type, writable: false })),
  ...settings.map(({ name, type }) => ({ path: row + name, type, writable: true })),
  ...shown.map(({ name, type, activeNotify }) => {
    const node = { path: row + name, type, writable: false };
    return activeNotify === undefined ? node : { ...node, notification: activeNotify };
  }),
]);

/** `Device.XMPP.` with the one connection of the box. Rows are neither added nor deleted. */
export function xmppPart(connection: XmppRow): TreePart {
  return {
    nodes: () => nodes,
    get: (path) => {
      const fixed = above.find((parameter) => parameter.path === path);
      if (fixed !== undefined) return fixed;
      const known = shownAt.get(path);
      if (known !== undefined) return { path, type: known.type, value: known.read(connection) };
      const setting = settingAt.get(path);
      if (setting === undefined) return undefined;
      const value = setting.hidden === true ? "" : connection.setting(setting.name);
      return { path, type: setting.type, value };
    },
    validate: (assignment) => {
      const setting = settingAt.get(assignment.path);
      if (setting === undefined)
        return { path: assignment.path, code: 9008, text: "cannot be set on this device" };
      return assignmentFault(assignment, { definition: definitionOf(setting), writable: true });
    },
    write: (assignments) => write(assignments, connection),
    onChange: (listener) =>
      connection.onChange(() => {
        listener(movable);
      }),
  };
}

function write(assignments: readonly Assignment[], connection: XmppRow): Promise<TreeWriteResult> {
  const values = new Map<string, string>();
  for (const { path, value } of assignments) {
    const setting = settingAt.get(path);
    const checked = setting && fromWire(value, definitionOf(setting));
    if (setting !== undefined && checked?.ok === true)
      values.set(setting.name, toWire(checked.value, setting.type));
  }
  return storedWrite("the XMPP settings", () => connection.set(values));
}

function counter(name: string, pick: (from: XmppRowState["statistics"]) => number): Shown {
  return {
    name: `Stats.${name}`,
    type: "unsignedInt",
    activeNotify: "canDeny",
    read: (from) => String(pick(from.state().statistics)),
  };
}

function definitionOf(setting: Setting): ParameterDefinition {
  return { ...setting, access: "readWrite", description: "" };
}
