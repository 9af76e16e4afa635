import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, expectTypeOf, it, onTestFinished } from "vitest";
import type { DiscoveryConfig } from "../discovery/discovery.ts";
import { redact } from "../shared/redact.ts";
import type { Config } from "./config.ts";
import { ConfigError } from "./errors.ts";
import { type ParseOptions, loadConfig, parseConfig } from "./load.ts";

const acs = "acs: { url: https://acs.example.net/cwmp }\n";

/** The messages of a text that must be refused. */
function mistakes(text: string, options?: ParseOptions): readonly string[] {
  try {
    parseConfig(text, options);
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split("\n");
    throw error;
  }
  throw new Error("the text was accepted");
}

function warnings(config: Config): readonly string[] {
  return config.warnings.map(({ line, path, text }) => `${line} ${path}: ${text}`);
}

function temporaryDir(): string {
  const dir = mkdtempSync(join(tmpdir(), "mfpgate-config-"));
  onTestFinished(() => {
    rmSync(dir, { recursive: true });
  });
  return dir;
}

describe("a valid configuration", () => {
  it("needs only the address of the ACS", () => {
    const config = parseConfig(acs, { file: "/etc/mfpgate/config.yaml" });
    expect(config).toMatchObject({
      proxier: { manufacturer: "mfpgate", oui: "00005E", serialNumber: "auto" },
      dataDir: "/etc/mfpgate/data",
      acs: { url: "https://acs.example.net/cwmp", periodicInformMs: 900_000 },
      connectionRequest: { listen: { host: "0.0.0.0", port: 7547 }, publicUrl: "auto" },
      discovery: { intervalMs: 21_600_000, approval: "auto", static: [] },
      credentials: [{ security: { version: "2c", read: "public" } }],
      presentation: { default: "virtual", rules: [] },
      pollingMs: { status: 60_000, supplies: 300_000, counters: 900_000 },
      mappings: [],
      api: { listen: { host: "127.0.0.1", port: 8632 }, token: "auto" },
      log: { level: "info", format: "json" },
      warnings: [],
    });
  });

  it("turns every form of value into what the service uses", () => {
    const config = parseConfig(
      `
proxier: { oui: "00aabb" }
dataDir: /var/lib/mfpgate
${acs}
discovery:
  interval: 1.5h
  snmp: { ranges: [192.0.2.77/24, 198.51.100.7/32, 203.0.113.9] }
  static:
    - { host: 192.0.2.10, snmp: { port: 1161, community: own } }
    - { host: printer.example.net, snmp: { v3: { user: u, auth: { protocol: sha, key: "12345678" } } } }
    - { host: "2001:db8::1" }
polling: { status: 1s, counters: 500s }
api: { listen: "[::1]:0" }
mappings: [./mine, /opt/theirs]
`,
      { file: "/etc/mfpgate/config.yaml" },
    );
    expect(config.proxier.oui).toBe("00AABB");
    expect(config.dataDir).toBe("/var/lib/mfpgate");
    expect(config.discovery.intervalMs).toBe(5_400_000);
    expect(config.discovery.snmp.ranges).toEqual([
      "192.0.2.0/24",
      "198.51.100.7/32",
      "203.0.113.9/32",
    ]);
    expect(config.discovery.static).toMatchObject([
      { host: "192.0.2.10", snmp: { port: 1161, credential: { security: { read: "own" } } } },
      {
        host: "printer.example.net",
        snmp: {
          port: 161,
          credential: {
            security: { version: "3", v3: { user: "u", auth: { protocol: "sha" } } },
          },
        },
      },
      { host: "2001:db8::1", snmp: { port: 161 } },
    ]);
    expect(config.pollingMs).toMatchObject({ status: 1_000, counters: 500_000 });
    expect(config.api.listen).toEqual({ host: "::1", port: 0 });
    expect(config.mappings).toEqual(["/etc/mfpgate/mine", "/opt/theirs"]);
  });

  it("accepts SNMP versions as text and as numbers, with the keys of each", () => {
    const config = parseConfig(`${acs}
credentials:
  - { snmp: { version: 1, read: one } }
  - { snmp: { version: 2c, read: two, write: "written" }, match: { ranges: [10.0.0.0/8] } }
  - { snmp: { version: "3", user: u, auth: { protocol: sha256, key: "authauth" },
              privacy: { protocol: aes, key: "privpriv" }, context: Jetdirect } }
`);
    expect(config.credentials.map(({ security }) => security)).toEqual([
      { version: "1", read: "one" },
      { version: "2c", read: "two", write: "written" },
      {
        version: "3",
        v3: {
          user: "u",
          auth: { protocol: "sha256", key: "authauth" },
          privacy: { protocol: "aes", key: "privpriv" },
          context: "Jetdirect",
        },
      },
    ]);
    expect(config.credentials[1]?.ranges).toEqual(["10.0.0.0/8"]);
  });

  it("names credentials by what they are, not by where they stand", () => {
    const keys = (credentials: string): readonly string[] =>
      parseConfig(`${acs}credentials: [${credentials}]`).credentials.map(({ key }) => key);
    const [first, second] = keys("{ snmp: { read: one } }, { snmp: { read: two } }");
    expect(keys("{ snmp: { read: two } }, { snmp: { read: one } }")).toEqual([second, first]);
    expect(first).not.toBe(second);
    expect(keys("{ snmp: { read: one, write: more } }")[0]).not.toBe(first);
  });

  it("fits what discovery asks for", () => {
    type Asked = Omit<DiscoveryConfig, "static">;
    expectTypeOf<Config["discovery"] & Pick<Config, "credentials">>().toExtend<Asked>();
  });

  it("may be JSON", () => {
    const config = parseConfig(
      '{ "acs": { "url": "http://127.0.0.1:80/" }, "log": { "level": "debug" } }',
    );
    expect(config.log.level).toBe("debug");
  });

  it("may leave a section empty, as when all below it is commented out", () => {
    const config = parseConfig(`${acs}polling:\n  # status: 30s\nproxier:\n`);
    expect(config.pollingMs.status).toBe(60_000);
  });

  it("names keys without effect in this version, and only those asked for", () => {
    const config = parseConfig(`${acs}
discovery: { mdns: true, wsDiscovery: false, serial: [] }
presentation: { default: embedded }
`);
    expect(warnings(config)).toEqual([
      "3 discovery.mdns: has no effect in this version; it is kept for a later one",
    ]);
    expect(config.presentation.default).toBe("embedded");
  });
});

describe("placeholders", () => {
  it("are replaced anywhere in a text, by variables and files", () => {
    const dir = temporaryDir();
    writeFileSync(join(dir, "secret"), "from-a-file\n");
    const config = parseConfig(
      'acs: { url: "https://${env:HOST}/cwmp", username: "$${literal}", password: "${file:secret}" }',
      { file: join(dir, "config.yaml"), env: { HOST: "acs.example.org" } },
    );
    expect(config.acs).toMatchObject({
      url: "https://acs.example.org/cwmp",
      username: "${literal}",
      password: "from-a-file",
    });
  });

  it("without value are one mistake each, naming what is missing", () => {
    const text = `acs:
  url: "\${env:MISSING_URL}"
  username: "\${file:/nowhere/user}"
  password: "\${ENV:TYPO}"
`;
    expect(mistakes(text, { env: {} })).toEqual([
      "config.yaml:2:8: acs.url: needs the environment variable MISSING_URL, which is not set; set it or write the value",
      expect.stringMatching(
        /^config.yaml:3:13: acs.username: needs the file \/nowhere\/user, which cannot be read/,
      ),
      expect.stringMatching(
        /^config.yaml:4:13: acs.password: has a placeholder of unknown form; write \$\{env:NAME\}/,
      ),
    ]);
  });
});

describe("a mistake", () => {
  it.each([
    [
      "an unknown key, with the likely one",
      "acs: { ulr: x, url: http://a }",
      "1:8: acs.ulr: is not a known key; did you mean url?",
    ],
    [
      "a key in the wrong place",
      `${acs}ranges: []`,
      "2:1: ranges: is not a known key; it belongs below discovery.snmp",
    ],
    [
      "an unknown key like no other",
      `${acs}log: { colour: x }`,
      "2:8: log.colour: is not a known key; known here: level, format",
    ],
    [
      "a key every object has",
      `${acs}constructor: {}`,
      "2:1: constructor: is not a known key; known here: proxier, dataDir, store, acs, connectionRequest, discovery, credentials, ews, presentation, polling, mappings, writes, transfers, api, log",
    ],
    [
      "a missing section",
      "log: {}",
      "1:1: acs: is missing; add acs: { url: https://… }, the address of the ACS",
    ],
    [
      "a missing key",
      "acs: { username: u }",
      '1:6: acs.url: is missing; add it, for example url: "https://acs.example.net/cwmp"',
    ],
    [
      "an address without scheme",
      "acs: { url: acs.example.net }",
      "1:13: acs.url: is not an address; write it in full, beginning with http://",
    ],
    [
      "a password in the address",
      "acs: { url: 'http://u:p@a/' }",
      "1:13: acs.url: contains a user name or password; put them into acs.username and acs.password",
    ],
    [
      "a number where text is needed",
      `${acs}proxier: { serialNumber: 007 }`,
      "2:26: proxier.serialNumber: is not text; put it in quotes",
    ],
    [
      "an OUI read as a number",
      `${acs}proxier: { oui: 001122 }`,
      "2:17: proxier.oui: is not text; put the OUI in quotes, or YAML reads it as a number",
    ],
    [
      "a number without unit",
      `${acs}polling: { status: 30 }`,
      "2:20: polling.status: is not a duration; write a number with its unit, such as 30s, 15m, 6h or 1d",
    ],
    [
      "a period too short",
      `${acs}polling: { status: 500ms }`,
      "2:20: polling.status: is out of range; choose from 1s to 365d",
    ],
    [
      "a word misspelt",
      `${acs}discovery: { approval: manaul }`,
      "2:24: discovery.approval: is none of the words allowed here (auto, manual); did you mean manual?",
    ],
    [
      "no range",
      `${acs}discovery: { snmp: { ranges: [192.0.2] } }`,
      "2:31: discovery.snmp.ranges[0]: is not an IPv4 range; write it as 192.0.2.0/24, or 192.0.2.7 for one address",
    ],
    [
      "a range too large",
      `${acs}discovery: { snmp: { ranges: [10.0.0.0/11] } }`,
      "2:31: discovery.snmp.ranges[0]: is larger than a /12 (1,048,576 addresses); name the networks that have printers, each a /12 or smaller",
    ],
    [
      "text where a list is needed",
      `${acs}mappings: ./mine`,
      "2:11: mappings: is not a list; write [./mappings]",
    ],
    [
      "text where a section is needed",
      `${acs}log: debug`,
      "2:6: log: is text; write a mapping (key: value) here",
    ],
    [
      "a port out of range",
      `${acs}discovery: { snmp: { port: 70000 } }`,
      "2:28: discovery.snmp.port: is too large; the most is 65535",
    ],
    [
      "a URL where a host is needed",
      `${acs}discovery: { static: [{ host: "http://a" }] }`,
      "2:31: discovery.static[0].host: is not a host; write an IP address or a DNS name without scheme, port or path",
    ],
    [
      "a version 3 key with a community",
      `${acs}credentials: [{ snmp: { user: u } }]`,
      "2:31: credentials[0].snmp.user: is for version 3; add version: 3 or remove it",
    ],
    [
      "a community with version 3",
      `${acs}credentials: [{ snmp: { version: 3, user: u, read: x } }]`,
      "2:52: credentials[0].snmp.read: is for versions 1 and 2c; version 3 has user, auth and privacy",
    ],
    [
      "encryption without authentication",
      `${acs}credentials: [{ snmp: { version: 3, user: u, privacy: { protocol: aes, key: "12345678" } } }]`,
      "2:55: credentials[0].snmp.privacy: stands without auth; SNMP encrypts only what it authenticates, so add auth",
    ],
    [
      "a database not served",
      `${acs}store: { postgres: { url: "postgres://h/d" } }`,
      "2:20: store.postgres: names PostgreSQL, which this version does not serve; use sqlite: {}",
    ],
    [
      "one of two that belong together",
      'acs: { url: http://a, tls: { cert: "-----BEGIN CERTIFICATE-----" } }',
      "1:28: acs.tls: has only one of cert and key; give both or none",
    ],
    [
      "a certificate file that is missing",
      "acs: { url: http://a, tls: { ca: /nowhere/ca.pem } }",
      "1:34: acs.tls.ca: names a file that cannot be read (ENOENT); correct the path",
    ],
    ["a key twice", `${acs}${acs}`, "2:1: the key is there twice; remove one"],
    [
      "a bracket left open",
      "acs: {",
      expect.stringMatching(
        /^config.yaml:1:7: .*; close what is open|^config.yaml:1:7: the indentation/,
      ),
    ],
    ["a binary file", "\u007fELF\0\0: [", "1:1: is no text; name a YAML file"],
    ["a tab", "acs:\n\turl: http://a", "2:1: a tab indents the line; use spaces"],
    [
      "an asterisk before a password",
      "acs: { url: http://a, password: *star }",
      "1:33: a value begins with * and so means another one, which does not exist; put it in quotes",
    ],
    [
      "a version that YAML takes for a number",
      "acs: { url: http://a, cwmp: { version: 1.2 } }",
      '1:40: acs.cwmp.version: is a number; write "1.0", "1.1", "1.2", "1.3" or "1.4" in quotes',
    ],
    [
      "a file server with a path",
      `${acs}transfers: { allowHosts: ["http://files.local/"] }`,
      "2:27: transfers.allowHosts[0]: is not a host; write a name or an address without scheme and path",
    ],
    [
      "a password in the address of the XMPP server",
      `${acs}connectionRequest: { xmpp: { domain: d, username: u, password: p, service: "xmpp://u:p@x" } }`,
      "2:76: connectionRequest.xmpp.service: holds more than host and port; put the account into username and password",
    ],
    [
      "a whole Jabber ID for the account",
      `${acs}connectionRequest: { xmpp: { domain: d, username: u@d, password: p } }`,
      "2:51: connectionRequest.xmpp.username: is not an account; write the part before @",
    ],
    [
      "who may ask, without a domain",
      `${acs}connectionRequest: { xmpp: { domain: d, username: u, password: p, allowedJabberIds: [acs] } }`,
      "2:86: connectionRequest.xmpp.allowedJabberIds[0]: is not a Jabber ID; write user@domain, with /resource if only one may ask",
    ],
  ])("tells %s", (_what, text, expected) => {
    const wanted = typeof expected === "string" ? `config.yaml:${expected}` : (expected as unknown);
    expect(mistakes(text)).toEqual([wanted]);
  });

  it("does not hide the others: all are told at once, in the order of the file", () => {
    const told = mistakes(
      `
log: { level: loud }
acs: { tls: { ca: /nowhere } }
api: { token: "\${env:NOPE}" }
credentials: [{ snmp: { version: 3 } }]
bogus: 1
`,
      { env: {} },
    );
    expect(told.map((line) => line.split(":").slice(1, 2).join())).toEqual([
      "2",
      "3",
      "3",
      "4",
      "5",
      "6",
    ]);
  });

  it("shows the first twenty of very many", () => {
    const unknown = Array.from({ length: 30 }, (_, n) => `strange${n}: 1\n`).join("");
    expect(() => parseConfig(`acs: { url: "http://127.0.0.1/" }\n${unknown}`)).toThrow(
      /strange19.*\nand 10 more$/,
    );
  });

  it("names the file as the caller did, also when there is none", async () => {
    await expect(loadConfig("/nowhere/mfpgate.yaml")).rejects.toMatchObject({
      code: "config.invalid",
      message: expect.stringMatching(
        /^\/nowhere\/mfpgate.yaml: cannot be read .*; name an existing file/,
      ) as string,
    });
    expect(mistakes("", { file: "box.yaml" })[0]).toMatch(/^box.yaml:1:1: acs: is missing/);
  });
});

describe("secrets", () => {
  it("are registered with the redactor, also when the file has mistakes", () => {
    mistakes(`acs: { password: canary-acs-1, url: 1 }
api: { token: canary-token-2 }
credentials: [{ snmp: { read: canary-read-3, version: 9 } }, { ews: { password: canary-ews-4 } }]
`);
    for (const secret of ["canary-acs-1", "canary-token-2", "canary-read-3", "canary-ews-4"])
      expect(redact(`<${secret}>`)).toBe("<[redacted]>");
  });

  it("leave words everybody knows readable", () => {
    parseConfig(`${acs}credentials: [{ snmp: { read: public, write: private } }]`);
    expect(redact("public private auto")).toBe("public private auto");
  });

  it("never appear in a message, wherever they stand", () => {
    const secret = "canary-hunter2";
    const places = [
      `acs: ${secret}`,
      `acs: { url: ${secret} }`,
      `acs: { url: http://a, tls: { key: ${secret}, cert: ${secret} } }`,
      `acs: { url: http://a, periodicInform: ${secret} }`,
      `${acs}api: { token: [${secret}], listen: ${secret} }`,
      `${acs}log: { level: ${secret} }`,
      `${acs}discovery: { approval: ${secret}, snmp: { port: ${secret}, ranges: [${secret}] } }`,
      `${acs}credentials: [${secret}, { snmp: { version: ${secret} } }]`,
      `acs: { password: "${secret}" ${secret} }`,
      `acs: password: ${secret}`,
      `acs: { url: http://a, password: *${secret} }`,
      `acs: { url: http://a, password: !${secret} x, x: &${secret} }`,
      `acs: { url: http://a, password: "\\q${secret}" }`,
      `acs: { url: http://a, password: !${secret} }`,
      `acs: |x${secret}\n  a`,
      `%${secret}\n${acs}`,
    ];
    for (const text of places) expect(mistakes(text).join("\n"), text).not.toContain("hunter2");
  });

  it("too short to be hidden are pointed out", () => {
    expect(warnings(parseConfig(`${acs}credentials: [{ snmp: { read: abc } }]`))).toEqual([
      "2 credentials[0].snmp.read: is so short that it cannot be kept out of the log; choose a longer one",
    ]);
  });
});
