import { describe, expect, it } from "vitest";
import type { ModelValue } from "../../model/definition.ts";
import type { CompiledMapping } from "../evaluation.ts";
import { createMappingSet } from "../mapping-set.ts";
import { mappingOf, parseFiles } from "../../../test/mapping/printer.ts";

const writable = (more: string): string => `
parameters:
  General.SystemLocation:
    from: [{ snmp: "1.3.6.1.2.1.1.6.0" }]
    write: { snmp: "1.3.6.1.2.1.1.6.0", syntax: octetString, check: { maxOctets: 6, charset: utf-8 }, verify: readBack${more} }
`;

/** The one SET an assignment compiles to. */
function setOf(
  mapping: CompiledMapping,
  template: string,
  rowKey: string | undefined,
  value: ModelValue,
): unknown {
  const [step] = mapping.writePlan([{ template, rowKey, value }]);
  return step?.write.driver === "snmp" ? step.write.writes[0] : step;
}

describe("writing by SNMP", () => {
  it("compiles to a SET of the text's octets", () => {
    expect(setOf(mappingOf(writable("")), "General.SystemLocation", undefined, "Büro")).toEqual({
      oid: "1.3.6.1.2.1.1.6.0",
      value: { syntax: 4, value: new TextEncoder().encode("Büro") },
    });
  });

  it("refuses what the printer could not hold, counted in octets", () => {
    const mapping = mappingOf(writable(""));
    expect(() => setOf(mapping, "General.SystemLocation", undefined, "Bürobü")).toThrow(
      expect.objectContaining({ code: "mapping.bad-value" }),
    );
  });

  it("refuses what the mapping has no write for", () => {
    expect(() => setOf(mappingOf(writable("")), "General.SystemName", undefined, "x")).toThrow(
      expect.objectContaining({ code: "mapping.not-writable" }),
    );
  });

  it("leaves writes out that nobody has seen working, unless the operator allows them", () => {
    const body = writable(", unverified: true");
    expect(mappingOf(body).writable.size).toBe(0);
    expect([...mappingOf(body).unverified]).toEqual(["General.SystemLocation"]);
    const allowed = createMappingSet(parseFiles({ "base/printer": body }), {
      allowUnverifiedWrites: true,
    });
    expect([...(allowed.byName("base")?.writable ?? [])]).toEqual(["General.SystemLocation"]);
    expect(allowed.byName("base")?.unverified.size).toBe(0);
  });

  it("adds the row's index to a column, and reads words backwards", () => {
    const mapping = mappingOf(`
tables:
  prtInput:
    table: InputTray.{i}.
    rows: { columns: ["1.3.21"] }
    parameters:
      MediaType:
        from: [{ column: "1.3.21" }]
        write: { column: "1.3.21", syntax: integer, check: { oneOf: [plain, thick] }, verify: readBack, values: { 3: plain, 4: thick } }
`);
    expect(setOf(mapping, "InputTray.{i}.MediaType", "prtInput:1.2", "thick")).toEqual({
      oid: "1.3.21.1.2",
      value: { syntax: 2, value: 4 },
    });
    expect(() => setOf(mapping, "InputTray.{i}.MediaType", undefined, "thick")).toThrow(/row/);
    expect(() => setOf(mapping, "InputTray.{i}.MediaType", "prtInput:1.2", "glossy")).toThrow(
      /not one of/,
    );
  });

  it("has the restart as a SET, when there is one", () => {
    const reboot =
      'actions:\n  reboot: { snmp: "1.3.6.1.2.1.43.5.1.1.3.1", syntax: integer, value: 4 }\n';
    expect(mappingOf(reboot).reboot).toEqual({
      driver: "snmp",
      writes: [{ oid: "1.3.6.1.2.1.43.5.1.1.3.1", value: { syntax: 2, value: 4 } }],
    });
    expect(mappingOf("").reboot).toBeUndefined();
  });

  it("offers a factory reset nobody has seen working only when the operator allows it", () => {
    const action =
      'actions:\n  factoryReset: { snmp: "1.3.6.1.2.1.43.5.1.1.3.1", syntax: integer, value: 6, unverified: true }\n';
    expect(mappingOf(action).factoryReset).toBeUndefined();
    const allowed = createMappingSet(parseFiles({ "base/printer": action }), {
      allowUnverifiedWrites: true,
    });
    expect(allowed.byName("base")?.factoryReset).toEqual({
      driver: "snmp",
      writes: [{ oid: "1.3.6.1.2.1.43.5.1.1.3.1", value: { syntax: 2, value: 6 } }],
    });
  });
});

const form = (field: string, more = ""): string =>
  `write: { ews: /net/smtp.html, field: ${field}, check: { maxOctets: 64 }, verify: readBack${more} }`;

const webBody = `
web: { login: { kind: basic } }
pages:
  /net/smtp.html: { login: true }
parameters:
  Network.SMTP.ServerAddress:
    from: [{ ews: /net/smtp.html, field: server }]
    ${form("server")}
  Network.SMTP.Port:
    from: [{ ews: /net/smtp.html, label: [Port, Anschluss] }]
    ${form("{ label: [Port, Anschluss] }")}
  Network.SMTP.Enable:
    from: [{ ews: /net/smtp.html, field: on }]
    ${form("on")}
  Network.SMTP.Password:
    from: [{ constant: "" }]
    write: { ews: /net/smtp.html, field: pass, check: { maxOctets: 64 }, verify: response }
  Network.SNMP.V1V2cEnable:
    from: [{ ews: /cdm/snmp, json: $.v1.enabled }]
    write: { ews: /cdm/snmp, at: $.v1.enabled, method: PATCH, send: changed, values: { "true": true, "false": false }, check: { oneOf: [true, false] }, verify: readBack }
  Network.TCPIP.DomainName:
    from: [{ ews: /tcp, field: domain }]
    write: { ews: /tcp, field: domain, restarts: network, check: { charset: ascii }, verify: readBack, tolerates: { transform: [lowerCase] } }
  General.SystemLocation:
    from: [{ snmp: "1.3.6.1.2.1.1.6.0" }]
    write: { snmp: "1.3.6.1.2.1.1.6.0", syntax: octetString, check: { maxOctets: 64 }, verify: readBack }
  Settings.Print.SleepDelay:
    from: [{ ews: /power, field: minutes }]
    write:
      steps: [{ request: /power.cgi, fields: { minutes: "{value}" }, success: { body: OK } }]
      check: { minimum: 1, maximum: 60 }
      verify: readBack
      tolerates: { within: 2 }
`;

describe("a write plan", () => {
  const mapping = mappingOf(webBody);
  const plan = (values: Readonly<Record<string, ModelValue>>) =>
    mapping.writePlan(
      Object.entries(values).map(([template, value]) => ({ template, rowKey: undefined, value })),
    );

  it("asks for the row's own labels and sets the field that has one of them", () => {
    const recipients = mappingOf(`
pages:
  /mail.html: { login: true }
tables:
  mails:
    table: Settings.EmailAlert.Recipient.{i}.
    rows: { fixed: ["1", "2"] }
    parameters:
      Address:
        from: [{ ews: /mail.html, label: ["Recipient {i}", "Empfänger {i}"] }]
        write: { ews: /mail.html, field: { label: ["Recipient {i}", "Empfänger {i}"] }, check: { maxOctets: 64 }, verify: readBack }
`);
    const [page] = recipients.readPlan(["settings"]).documents;
    expect(page?.extractions).toMatchObject([
      { selector: { label: ["Recipient 1", "Empfänger 1"] } },
      { selector: { label: ["Recipient 2", "Empfänger 2"] } },
    ]);
    const template = "Settings.EmailAlert.Recipient.{i}.Address";
    const [step] = recipients.writePlan([{ template, rowKey: "mails:2", value: "a@example.net" }]);
    expect(step?.write).toMatchObject({
      write: { steps: [{ fields: [{ at: { label: ["Recipient 2", "Empfänger 2"] } }] }] },
    });
  });

  it("posts the fields of one form together, after logging in where the page wants it", () => {
    const [step, ...more] = plan({
      "Network.SMTP.ServerAddress": "mail.example.net",
      "Network.SMTP.Port": 25,
      "Network.SMTP.Enable": true,
    });
    expect(more).toEqual([]);
    expect(step).toMatchObject({
      covers: [0, 1, 2],
      description: "form /net/smtp.html: server, Port, on",
      isUnreadable: false,
    });
    expect(step?.write).toMatchObject({
      driver: "ews",
      write: {
        needsLogin: true,
        profile: { login: { kind: "basic" } },
        steps: [
          {
            kind: "form",
            page: "/net/smtp.html",
            fields: [
              { at: { name: "server" }, set: { value: "mail.example.net" } },
              { at: { label: ["Port", "Anschluss"] }, set: { value: "25" } },
              { at: { name: "on" }, set: { checked: true } },
            ],
          },
        ],
      },
    });
  });

  it("makes SNMP first, then forms, then what cannot be read back, and a restart last", () => {
    const steps = plan({
      "Network.TCPIP.DomainName": "example.net",
      "Network.SMTP.Password": "secret",
      "Network.SMTP.ServerAddress": "mail",
      "General.SystemLocation": "Hall",
    });
    expect(steps.map(({ covers }) => covers)).toEqual([[3], [2], [1], [0]]);
    expect(steps.map(({ isUnreadable, restarts }) => [isUnreadable, restarts])).toEqual([
      [false, undefined],
      [false, undefined],
      [true, undefined],
      [false, "network"],
    ]);
    expect(steps.map(({ description }) => description).join()).not.toContain("secret");
  });

  it("changes a document at its place, in the document's own words", () => {
    const [step] = plan({ "Network.SNMP.V1V2cEnable": false });
    expect(step?.write).toMatchObject({
      write: {
        steps: [
          {
            kind: "document",
            method: "PATCH",
            send: "changed",
            set: [{ at: "$.v1.enabled", to: "false" }],
          },
        ],
      },
    });
  });

  it("has the script's form posted once, with the page's own headers", () => {
    const scripted = mappingOf(`
pages:
  time:
    path: /time.model.htm
    format: script
    headers: { Referer: /time.htm }
    form: { to: /set.cgi, fields: [[func, setTime], [server, { js: _pp.server }], [zone, { js: _pp.zone }]] }
parameters:
  Network.Time.NTPServer1:
    from: [{ ews: time, js: _pp.server }]
    write: { ews: time, field: server, check: { maxOctets: 64 }, verify: readBack }
  Network.Time.TimeZone:
    from: [{ ews: time, js: _pp.zone }]
    write: { ews: time, field: zone, check: { maxOctets: 64 }, verify: readBack }
`);
    const assignments = [
      { template: "Network.Time.NTPServer1", rowKey: undefined, value: "a" },
      { template: "Network.Time.TimeZone", rowKey: undefined, value: "CET-1" },
    ];
    const [step, ...more] = scripted.writePlan(assignments);
    expect(more).toEqual([]);
    expect(step?.write).toMatchObject({
      write: {
        steps: [
          {
            page: "/time.model.htm",
            headers: { Referer: "/time.htm" },
            scripted: { to: "/set.cgi", format: "script" },
            fields: [{ at: { name: "server" } }, { at: { name: "zone" } }],
          },
        ],
      },
    });
  });

  it("puts the value into steps of its own", () => {
    const [step] = plan({ "Settings.Print.SleepDelay": 15 });
    expect(step).toMatchObject({
      description: "POST /power.cgi",
      write: { write: { steps: [{ body: { kind: "form", fields: [["minutes", "15"]] } }] } },
    });
  });

  it("tells no values, not even those of a query", () => {
    const [step] = mappingOf(`
parameters:
  Network.SMTP.Password:
    from: [{ constant: "" }]
    write: { steps: [{ request: "/set.cgi?p={value}" }], check: { maxOctets: 64 }, verify: response }
`).writePlan([{ template: "Network.SMTP.Password", rowKey: undefined, value: "hush" }]);
    expect(step?.description).toBe("GET /set.cgi");
  });

  it("is refused as a whole when one value is not allowed", () => {
    expect(() =>
      plan({ "General.SystemLocation": "Hall", "Settings.Print.SleepDelay": 61 }),
    ).toThrow(expect.objectContaining({ code: "mapping.bad-value" }));
  });

  it("takes back what the printer is said to make of a value, and nothing else", () => {
    expect(mapping.isWritten("Network.TCPIP.DomainName", "Example.NET", "example.net")).toBe(true);
    expect(mapping.isWritten("Network.TCPIP.DomainName", "example.net", "example.org")).toBe(false);
    expect(mapping.isWritten("Settings.Print.SleepDelay", 14, 15)).toBe(true);
    expect(mapping.isWritten("Settings.Print.SleepDelay", 12, 15)).toBe(false);
    expect(mapping.isWritten("General.SystemLocation", "Hall", "Hall \0")).toBe(true);
    expect(mapping.isWritten("General.SystemLocation", "Hall", undefined)).toBe(false);
  });
});
