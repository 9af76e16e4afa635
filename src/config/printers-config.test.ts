import { describe, expect, it } from "vitest";
import { redact } from "../shared/redact.ts";
import type { Config } from "./config.ts";
import type { ConfigError } from "./errors.ts";
import { parseConfig } from "./load.ts";

const acs = "acs: { url: https://acs.example.net/cwmp }\n";

describe("what is configured about printers", () => {
  it("says where web pages are, with or without an agent beside them", () => {
    const config = parseConfig(`${acs}
discovery:
  static:
    - { host: 192.0.2.10, snmp: false, ews: {} }
    - { host: 192.0.2.11, ews: { scheme: http } }
    - { host: 192.0.2.12, ews: { scheme: http, port: 8080 } }
`);
    expect(config.discovery.static).toEqual([
      { host: "192.0.2.10", ews: { port: 443, scheme: "https" } },
      { host: "192.0.2.11", snmp: { port: 161 }, ews: { port: 80, scheme: "http" } },
      { host: "192.0.2.12", snmp: { port: 161 }, ews: { port: 8080, scheme: "http" } },
    ]);
  });

  it("holds passwords of web pages apart from communities, each named by what it is", () => {
    const ewsOf = (credentials: string): Config["ewsCredentials"] =>
      parseConfig(`${acs}credentials: [${credentials}]`).ewsCredentials;
    const [named, bare] = ewsOf(
      "{ match: { ranges: [10.0.0.0/8] }, ews: { username: admin, password: s3cret-word } }, { ews: { password: '' } }",
    );
    expect(named).toMatchObject({
      username: "admin",
      password: "s3cret-word",
      ranges: ["10.0.0.0/8"],
    });
    expect(bare).toMatchObject({ username: "", password: "" });
    expect(bare).not.toHaveProperty("ranges");
    expect(bare?.key).not.toBe(named?.key);
    expect(ewsOf("{ ews: { password: '' } }")[0]?.key).toBe(bare?.key);
    expect(redact("the word is s3cret-word")).not.toContain("s3cret-word");
    const both = parseConfig(`${acs}credentials: [{ ews: { password: "" } }]`);
    expect(both.credentials).toMatchObject([{ security: { version: "2c", read: "public" } }]);
    expect(both.warnings).toEqual([]);
  });

  it("says how web servers are talked to, and what may be written when", () => {
    const shortest = parseConfig(acs);
    expect(shortest.ews).toEqual({
      timeoutMs: 15_000,
      tls: { verify: "pin", allowLegacy: false },
    });
    expect(shortest.writes).toEqual({
      readOnly: false,
      allowUnverified: false,
      maintenanceWindows: [],
    });
    const config = parseConfig(`${acs}
ews: { timeout: 5s, tls: { verify: none, allowLegacy: true } }
writes: { readOnly: true, maintenanceWindows: ["Sat 22:00-06:00", "12:00-13:00"] }
`);
    expect(config.ews).toEqual({ timeoutMs: 5_000, tls: { verify: "none", allowLegacy: true } });
    expect(config.writes.readOnly).toBe(true);
    expect(config.writes.maintenanceWindows.map(({ text }) => text)).toEqual([
      "Sat 22:00-06:00",
      "12:00-13:00",
    ]);
  });
});

describe("a mistake about printers or ports", () => {
  it.each([
    [
      "an unknown key within what could be false",
      `${acs}discovery: { static: [{ host: a, snmp: { prot: 1 } }] }`,
      "2:42: discovery.static[0].snmp.prot: is not a known key; did you mean port?",
    ],
    [
      "a wrong value within what could be false",
      `${acs}discovery: { static: [{ host: a, snmp: { port: 0 } }] }`,
      "2:48: discovery.static[0].snmp.port: is too small; the least is 1",
    ],
    [
      "true where only false means something",
      `${acs}discovery: { static: [{ host: a, snmp: true }] }`,
      "2:40: discovery.static[0].snmp: is a boolean; write a mapping (key: value) here",
    ],
    [
      "a printer nobody can ask",
      `${acs}discovery: { static: [{ host: a, snmp: false }] }`,
      "2:23: discovery.static[0]: leaves no way to the printer; add ews or take snmp: false away",
    ],
    [
      "a maintenance window of no form",
      `${acs}writes: { maintenanceWindows: ["Sat 22:00-06:00", "Saturday 22-6"] }`,
      '2:51: writes.maintenanceWindows[1]: is not a window; write days and times, such as "Sat 22:00-06:00", "Mon-Fri 01:00-05:00" or "22:00-06:00"',
    ],
    [
      "two listeners at one port, one of them by default",
      `${acs}connectionRequest: { listen: "0.0.0.0:8632" }`,
      "2:30: connectionRequest.listen: is the port of api.listen as well; give one of the two another port",
    ],
    [
      "two listeners at one port, both written",
      `${acs}connectionRequest: { listen: "127.0.0.1:99" }\napi: { listen: "127.0.0.1:99" }`,
      "3:16: api.listen: is the port of connectionRequest.listen as well; give one of the two another port",
    ],
  ])("is told where it is: %s", (_what, text, expected) => {
    expect(() => parseConfig(text)).toThrow(
      expect.objectContaining({ message: `config.yaml:${expected}` }) as ConfigError,
    );
  });
});
