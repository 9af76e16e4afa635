import type {
  AssignmentFault,
  ParameterAssignment,
  ParameterNode,
  ParameterTree,
  ParameterValue,
  WriteResult,
} from "../../src/cwmp/parameter-tree.ts";

/** A small device: forced Inform parameters, a table, a counter, and something to write. */
export const deviceNodes: readonly ParameterNode[] = [
  { path: "Device.", writable: false },
  { path: "Device.RootDataModelVersion", writable: false, type: "string" },
  { path: "Device.DeviceInfo.", writable: false },
  { path: "Device.DeviceInfo.HardwareVersion", writable: false, type: "string" },
  {
    path: "Device.DeviceInfo.SoftwareVersion",
    writable: false,
    type: "string",
    notification: "forceEnabled",
  },
  {
    path: "Device.DeviceInfo.ProvisioningCode",
    writable: true,
    type: "string",
    notification: "forceEnabled",
  },
  {
    path: "Device.DeviceInfo.UpTime",
    writable: false,
    type: "unsignedInt",
    notification: "canDeny",
  },
  { path: "Device.Services.", writable: false },
  { path: "Device.Services.Tray.", writable: false },
  { path: "Device.Services.Tray.10.", writable: false },
  { path: "Device.Services.Tray.10.Level", writable: false, type: "int" },
  { path: "Device.Services.Tray.2.", writable: false },
  { path: "Device.Services.Tray.2.Level", writable: false, type: "int" },
  { path: "Device.Services.Location", writable: true, type: "string" },
  { path: "Device.Services.TrayNumberOfEntries", writable: false, type: "unsignedInt" },
  { path: "Device.Services.Empty.", writable: false },
];

const initialValues: Readonly<Record<string, string>> = {
  "Device.RootDataModelVersion": "2.17",
  "Device.DeviceInfo.HardwareVersion": "A",
  "Device.DeviceInfo.SoftwareVersion": "1.0",
  "Device.DeviceInfo.ProvisioningCode": "",
  "Device.DeviceInfo.UpTime": "10",
  "Device.Services.Tray.10.Level": "5",
  "Device.Services.Tray.2.Level": "7",
  "Device.Services.Location": "cellar",
  "Device.Services.TrayNumberOfEntries": "2",
};

/** A device model in memory. Values equal to "bad" are refused, at check time; a hook decides how writes end. */
export class MemoryTree implements ParameterTree {
  readonly values = new Map(Object.entries(initialValues));
  /** What `refresh` was asked for. */
  readonly refreshed: string[][] = [];
  onRefresh: () => Promise<void> = () => Promise.resolve();
  onWrite: (assignments: readonly ParameterAssignment[]) => Promise<WriteResult> = () =>
    Promise.resolve({ outcome: "applied" });
  readonly #listeners = new Set<(paths: readonly string[]) => void>();

  nodes(): readonly ParameterNode[] {
    return deviceNodes;
  }

  get(path: string): ParameterValue | undefined {
    const type = deviceNodes.find((node) => node.path === path)?.type;
    const value = this.values.get(path);
    return type === undefined || value === undefined ? undefined : { path, type, value };
  }

  async refresh(paths: readonly string[]): Promise<void> {
    this.refreshed.push([...paths]);
    await this.onRefresh();
  }

  validate({ path, value }: ParameterAssignment): AssignmentFault | undefined {
    return value === "bad" ? { path, code: 9007, text: "is bad" } : undefined;
  }

  async write(assignments: readonly ParameterAssignment[]): Promise<WriteResult> {
    const result = await this.onWrite(assignments);
    if (result.outcome === "refused") return result;
    for (const { path, value } of assignments) this.values.set(path, value);
    return result;
  }

  onChange(listener: (paths: readonly string[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The device changes by itself. */
  change(path: string, value: string): void {
    this.values.set(path, value);
    for (const listener of this.#listeners) listener([path]);
  }
}
