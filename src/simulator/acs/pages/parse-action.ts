import type { DeviceAction, TransferOrder } from "./device-actions.ts";

type Fields = Readonly<Record<string, unknown>>;

/** One reader per action: what is missing makes it undefined. */
const readers: {
  readonly [Name in DeviceAction["action"]]: (fields: Fields) => DeviceAction | undefined;
} = {
  connect: () => ({ action: "connect" }),
  read: () => ({ action: "read" }),
  reboot: () => ({ action: "reboot" }),
  factoryReset: () => ({ action: "factoryReset" }),
  scheduleInform: (fields) => ({
    action: "scheduleInform",
    delaySeconds: numberOf(fields["delaySeconds"], 10),
    commandKey: textOf(fields["commandKey"]),
  }),
  download: (fields) => withTransfer("download", fields),
  upload: (fields) => withTransfer("upload", fields),
  add: (fields) => withPath("add", fields),
  delete: (fields) => withPath("delete", fields),
  set: ({ values }) => (isFields(values) ? { action: "set", values: textsOf(values) } : undefined),
  get: ({ paths }) =>
    Array.isArray(paths) ? { action: "get", paths: paths.map(String) } : undefined,
};

/** Reads an action from JSON; undefined when it is none. */
export function parseAction(value: unknown): DeviceAction | undefined {
  if (!isFields(value)) return undefined;
  const { action } = value;
  return typeof action === "string" && isAction(action) ? readers[action](value) : undefined;
}

/** Reads an action from a form sent to `…/{name}`. */
export function parseForm(name: string, body: string): DeviceAction | undefined {
  const form = Object.fromEntries(new URLSearchParams(body));
  if (name !== "set") return parseAction({ ...form, action: name });
  return { action: "set", values: { [form["path"] ?? ""]: form["value"] ?? "" } };
}

function isAction(name: string): name is DeviceAction["action"] {
  return Object.hasOwn(readers, name);
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null;
}

function withTransfer(action: "download" | "upload", fields: Fields): DeviceAction | undefined {
  const { fileType, file } = fields;
  if (typeof fileType !== "string" || typeof file !== "string") return undefined;
  const transfer: TransferOrder = {
    fileType,
    file,
    commandKey: textOf(fields["commandKey"]),
    targetFileName: textOf(fields["targetFileName"]),
    delaySeconds: numberOf(fields["delaySeconds"], 0),
  };
  return { action, transfer };
}

function withPath(action: "add" | "delete", { path }: Fields): DeviceAction | undefined {
  return typeof path === "string" ? { action, path } : undefined;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function numberOf(value: unknown, otherwise: number): number {
  const number = Number(value ?? otherwise);
  return Number.isSafeInteger(number) && number >= 0 ? number : otherwise;
}

function textsOf(values: Fields): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(values).map(([path, value]) => [path, String(value)]));
}
