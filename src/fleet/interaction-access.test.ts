import { describe, expect, it } from "vitest";
import { toPath } from "../model/model.ts";
import type { DeviceAccess, SnmpAccess } from "../southbound/driver.ts";
import { accessWith, addressWith } from "./interaction-access.ts";
import { securityProblem } from "./interaction-security.ts";
import {
  type InteractionSettings,
  formatSettings,
  parseSettings,
  withSetting,
} from "./interaction-settings.ts";
import { objectionsTo } from "./interaction-rules.ts";
import type { PrinterAddress } from "./ports.ts";
import type { PrinterLink } from "./printer-link.ts";

const host = "192.0.2.10";
const address: PrinterAddress = { host, snmpPort: 1161, ews: undefined, credential: "key" };
const community = { version: "2c", read: "site", write: "secret" } as const;
const auth = { protocol: "sha", key: "auth-phrase" } as const;
const user = { version: "3", v3: { user: "u", auth, context: "Jetdirect" } } as const;
const usual = { host, port: 443, scheme: "https", timeoutMs: 15_000 } as const;

function finder(security: SnmpAccess["security"] | undefined, web: object = {}) {
  return ({ snmpPort, ews }: PrinterAddress): DeviceAccess | undefined => {
    const server = { ...usual, ...ews, ...web };
    if (snmpPort === undefined) return { host, ews: server };
    return security && { host, snmp: { host, port: snmpPort, security }, ews: server };
  };
}

function access(settings: InteractionSettings, find = finder(community), at = address) {
  return accessWith(settings, at, find);
}

describe("the access to a printer", () => {
  it("is the configured one where nothing is set", () => {
    expect(access({})).toEqual(finder(community)(address));
    expect(access({}, finder(undefined))).toBeUndefined();
  });

  it("has each setting before the configuration", () => {
    const settings = {
      "SNMP.Port": 161,
      "SNMP.ReadCommunity": "mine",
      "SNMP.Timeout": 5,
      "SNMP.Retries": 0,
      "EWS.URL": `http://${host}:8080`,
      "EWS.Username": "admin",
      "EWS.Password": "1234",
      "EWS.VerifyCertificate": true,
      "EWS.Timeout": 30,
    };
    expect(access(settings)).toEqual({
      host,
      snmp: {
        host,
        port: 161,
        security: { version: "2c", read: "mine", write: "secret" },
        timeoutMs: 5_000,
        retries: 0,
      },
      ews: {
        host,
        port: 8080,
        scheme: "http",
        credential: { username: "admin", password: "1234" },
        tls: { verify: "ca", allowLegacy: false },
        timeoutMs: 30_000,
      },
    });
  });

  it("keeps the configured half of a web account that is set by halves", () => {
    const find = finder(community, { credential: { username: "root", password: "old" } });
    const credential = (settings: InteractionSettings) => access(settings, find)?.ews?.credential;
    expect(credential({ "EWS.Password": "new" })).toEqual({ username: "root", password: "new" });
    expect(credential({ "EWS.Username": "me" })).toEqual({ username: "me", password: "old" });
    expect(access({ "EWS.Username": "me" })?.ews?.credential).toEqual({
      username: "me",
      password: "",
    });
  });

  it("leads to no host but the printer's, whatever the web address says", () => {
    const found = access({ "EWS.URL": "https://198.51.100.66:444/" });
    expect(found?.ews).toMatchObject({ host, port: 444 });
  });

  it("has nothing of a protocol that is switched off", () => {
    expect(access({ "SNMP.Enable": false })).toEqual({ host, ews: usual });
    expect(access({ "EWS.Enable": false })?.ews).toBeUndefined();
    expect(access({ "EWS.Enable": false })?.snmp).toBeDefined();
    expect(access({ "SNMP.Enable": false, "EWS.Enable": false })).toBeUndefined();
    const off = { "SNMP.Enable": false, "EWS.Enable": false };
    const ews = { port: 80, scheme: "http" } as const;
    expect(addressWith(off, { ...address, ews })).toMatchObject({
      snmpPort: undefined,
      ews: undefined,
    });
  });

  it("has an agent that was not known of when somebody says that there is one", () => {
    const webOnly = { ...address, snmpPort: undefined };
    expect(access({}, finder(community), webOnly)?.snmp).toBeUndefined();
    const found = access({ "SNMP.Enable": true }, finder(community), webOnly);
    expect(found?.snmp).toMatchObject({ port: 161, security: community });
  });

  it("changes between versions, taking along what fits", () => {
    const security = (settings: InteractionSettings, from: SnmpAccess["security"] | undefined) =>
      access(settings, finder(from))?.snmp?.security;
    expect(security({ "SNMP.Version": "v1" }, community)).toEqual({ ...community, version: "1" });
    expect(security({ "SNMP.Version": "v2c" }, user)).toEqual({ version: "2c", read: "public" });
    expect(security({ "SNMP.Version": "v3" }, user)).toEqual(user);
    const v3 = {
      "SNMP.Version": "v3",
      "SNMP.SecurityName": "ops",
      "SNMP.AuthProtocol": "SHA256",
      "SNMP.AuthPassword": "auth-secret",
      "SNMP.PrivProtocol": "AES",
      "SNMP.PrivPassword": "priv-secret",
    };
    expect(security(v3, community)).toEqual({
      version: "3",
      v3: {
        user: "ops",
        auth: { protocol: "sha256", key: "auth-secret" },
        privacy: { protocol: "aes", key: "priv-secret" },
      },
    });
    expect(security({ "SNMP.AuthProtocol": "None" }, user)).toEqual({
      version: "3",
      v3: { user: "u", context: "Jetdirect" },
    });
  });

  it("is none, not a weaker one, while something is missing for it", () => {
    const v3 = { "SNMP.Version": "v3", "SNMP.SecurityName": "ops" };
    const incomplete: readonly (readonly [InteractionSettings, RegExp])[] = [
      [{ "SNMP.Version": "v3" }, /SecurityName/],
      [{ ...v3, "SNMP.AuthProtocol": "SHA" }, /AuthPassword/],
      [{ ...v3, "SNMP.PrivProtocol": "AES", "SNMP.PrivPassword": "12345678" }, /AuthProtocol/],
    ];
    for (const [settings, problem] of incomplete) {
      expect(access(settings)).toBeUndefined();
      expect(securityProblem(settings, community)).toMatch(problem);
    }
    // Nobody said "ask with another community": a credential that is gone is none.
    expect(access({ "SNMP.WriteCommunity": "w" }, finder(undefined))).toBeUndefined();
    expect(access({ "SNMP.ReadCommunity": "r" }, finder(undefined))).toMatchObject({
      snmp: { security: { version: "2c", read: "r" } },
      ews: usual,
    });
  });
});

describe("the address an ACS may set", () => {
  function objection(wanted: string, current: string): string | undefined {
    const link = { address: { ...address, host: current }, settings: {} } as unknown as PrinterLink;
    const writes = [{ path: toPath("Interaction.SNMP.Address"), value: wanted }];
    const next = { settings: {}, host: wanted };
    return objectionsTo(writes, next, { link, accessFor: finder(community) })[0]?.reason;
  }

  it("is a host, and none of this box, its link or a metadata service", () => {
    for (const wanted of ["127.0.0.1", "169.254.169.254", "0.0.0.0", "::1", "224.0.0.251"])
      expect(objection(wanted, host), wanted).toMatch(/this box/);
    for (const wanted of ["", " 192.0.2.11", "192.0.2.11:161", "a b", "x/y", "-x", "[::1]"])
      expect(objection(wanted, host), wanted).toMatch(/no host/);
    for (const wanted of ["192.0.2.11", "printer-3.example.net", "2001:db8::5"])
      expect(objection(wanted, host), wanted).toBeUndefined();
    expect(objection("127.0.0.2", "127.0.0.1")).toBeUndefined();
  });
});

describe("settings on disk", () => {
  it("are read as they were written", () => {
    const settings = { PollInterval: 5, "SNMP.Enable": false, "EWS.Password": "p" };
    expect(parseSettings(formatSettings(settings))).toEqual(settings);
    expect(formatSettings({})).toBeUndefined();
    expect(parseSettings(undefined)).toEqual({});
  });

  it("lose what the model does not take", () => {
    const text = JSON.stringify({
      "SNMP.Port": 0,
      "SNMP.Retries": "2",
      Nonsense: 1,
      "EWS.URL": "x",
    });
    expect(parseSettings(text)).toEqual({ "EWS.URL": "x" });
  });

  it("are given back to the configuration by the empty text", () => {
    const set = withSetting({}, "EWS.Password", "p");
    expect(withSetting(set, "EWS.Password", "")).toEqual({});
    expect(withSetting({ "EWS.VerifyCertificate": true }, "EWS.VerifyCertificate", false)).toEqual(
      {},
    );
    expect(withSetting({}, "SNMP.Enable", false)).toEqual({ "SNMP.Enable": false });
  });
});
