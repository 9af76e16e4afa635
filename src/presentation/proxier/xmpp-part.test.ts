import { beforeEach, describe, expect, it } from "vitest";
import {
  hasTr106Validator,
  reportLeftOut,
  validateTr106,
} from "../../../test/support/validate-tr106.ts";
import { comparePaths } from "../../model/snapshot.ts";
import type { TreePart } from "../composed-tree.ts";
import { DeviceTypes } from "../device-types.ts";
import { type XmppRow, xmppPart } from "./xmpp-part.ts";

const row = "Device.XMPP.Connection.1.";

class Connection implements XmppRow {
  readonly settings = new Map([
    ["Username", "box"],
    ["Password", "secret"],
  ]);
  readonly listeners = new Set<() => void>();
  failure: Error | undefined;
  status = "Enabled";

  setting(name: string): string {
    return this.settings.get(name) ?? "";
  }

  set(settings: ReadonlyMap<string, string>): Promise<void> {
    if (this.failure !== undefined) return Promise.reject(this.failure);
    for (const [name, value] of settings) this.settings.set(name, value);
    return Promise.resolve();
  }

  state() {
    return {
      status: this.status,
      changedAtMs: Date.UTC(2026, 0, 1),
      jabberId: "box@example.net/mfpgate",
      statistics: { received: 3, sent: 2, receivedErrors: 1, sentErrors: 0 },
    };
  }

  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}

let connection: Connection;
let part: TreePart;

beforeEach(() => {
  connection = new Connection();
  part = xmppPart(connection);
});

describe("the XMPP connection in the proxier's tree", () => {
  it("is in tree order, every parameter readable with its type", () => {
    const nodes = part.nodes();
    const paths = nodes.map(({ path }) => path);
    expect([...paths].sort(comparePaths)).toEqual(paths);
    for (const { path, type } of nodes) expect([path, part.get(path)?.type]).toEqual([path, type]);
  });

  it("shows how the connection is, and its password to nobody", () => {
    const values = ["JabberID", "Status", "TLSEstablished", "UseTLS", "LastChangeDate", "Password"];
    expect(values.map((name) => part.get(row + name)?.value)).toEqual([
      "box@example.net/mfpgate",
      "Enabled",
      "true",
      "true",
      "2026-01-01T00:00:00Z",
      "",
    ]);
    expect(part.get(`${row}Stats.ReceivedMessages`)?.value).toBe("3");
    expect(part.get("Device.XMPP.ConnectionNumberOfEntries")?.value).toBe("1");
    connection.status = "Connecting";
    expect(part.get(`${row}TLSEstablished`)?.value).toBe("false");
  });

  it.each([
    ["Enable", "1", undefined],
    ["Enable", "maybe", 9007],
    ["ServerConnectAlgorithm", "DNS-SRV", undefined],
    ["ServerConnectAlgorithm", "WebSocket", 9007],
    ["KeepAliveInterval", "-1", undefined],
    ["KeepAliveInterval", "-2", 9007],
    ["Server.1.Port", "65536", 9007],
    ["Domain", "x".repeat(65), 9007],
    ["UseTLS", "false", 9008],
    ["JabberID", "other@example.net", 9008],
  ])("takes or refuses %s = %s", (name, value, code) => {
    expect(part.validate?.({ path: row + name, value })?.code).toBe(code);
  });

  it("puts what the ACS sets in force, in canonical form", async () => {
    const result = await part.write?.([
      { path: `${row}Enable`, value: "1" },
      { path: `${row}Password`, value: "another" },
    ]);
    expect(result).toEqual({ outcome: "applied" });
    expect(connection.setting("Enable")).toBe("true");
    expect(connection.setting("Password")).toBe("another");
    connection.failure = new Error("disk full");
    expect(await part.write?.([{ path: `${row}Enable`, value: "0" }])).toMatchObject({
      outcome: "refused",
      code: 9002,
    });
  });

  it("tells when the connection changed", () => {
    const told: (readonly string[])[] = [];
    const stop = part.onChange?.((paths) => told.push(paths));
    for (const listener of connection.listeners) listener();
    stop?.();
    for (const listener of connection.listeners) listener();
    expect(told).toHaveLength(1);
    expect(told[0]).toContain(`${row}Status`);
  });

  if (hasTr106Validator) {
    it("names only what TR-181 defines", () => {
      const types = new DeviceTypes(() => "http://192.0.2.1");
      const [model] = types.supportedBy(
        [{ path: "Device.", writable: false }, ...part.nodes()],
        [],
      );
      const xml = types.document(`${model?.uuid ?? ""}.xml`) ?? "";
      expect(validateTr106("dt.xml", xml)).toMatchObject({ valid: true });
    });
  } else reportLeftOut("schema validation of the XMPP part's device type");
});
