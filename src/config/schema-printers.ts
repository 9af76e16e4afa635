import { tlsVerifyWords } from "./config.ts";
import {
  anyText,
  choice,
  combined,
  count,
  duration,
  either,
  flag,
  hostName,
  key,
  list,
  literal,
  object,
  orNone,
  port,
  range,
  sweepRange,
  text,
  url,
  wrong,
} from "./schema-values.ts";
import {
  type SecurityResult,
  type SnmpSecurity,
  credentialSecurity,
  staticSecurity,
} from "./snmp-security.ts";

/** The part of the schema towards the printers; see `schema.ts`. */

const oneSecondMs = 1_000;

const snmpVersion = () =>
  either(
    [literal(["1", "2c", "3"]), literal([1, 3])],
    wrong("is not an SNMP version; write 1, 2c or 3"),
  ).transform((version) => (version === 1 ? "1" : version === 3 ? "3" : version));

const authProtocols = ["md5", "sha", "sha224", "sha256", "sha384", "sha512"] as const;
const privacyProtocols = ["des", "aes", "aes256b", "aes256r"] as const;

/** RFC 3414 §11.2: pass phrases have at least 8 characters; shorter ones are refused by agents. */
const passPhrase = (sample: string) =>
  key(
    text().min(
      8,
      wrong("is shorter than 8 characters; agents refuse such a pass phrase (RFC 3414 §11.2)"),
    ),
    "Pass phrase.",
    { secret: true, sample },
  );

const v3Keys = {
  user: key(text().optional(), "Version 3: user name.", { sample: "monitor" }),
  auth: key(
    object({
      protocol: key(choice(authProtocols), "Authentication protocol.", { sample: "sha256" }),
      key: passPhrase("${env:SNMP_AUTH_KEY}"),
    }).optional(),
    "Version 3: authentication.",
  ),
  privacy: key(
    object({
      protocol: key(
        choice(privacyProtocols),
        "Encryption; aes256b and aes256r differ in how the key is extended (Blumenthal, Reeder).",
        { sample: "aes" },
      ),
      key: passPhrase("${env:SNMP_PRIVACY_KEY}"),
    }).optional(),
    "Version 3: encryption; needs auth.",
  ),
  context: key(text().optional(), "Version 3: context name (HP: Jetdirect).", {
    sample: "Jetdirect",
  }),
};

/** Turns what `snmp-security.ts` says of the keys into a value or an issue. */
function outcome<Value>(
  result: SecurityResult,
  value: (security: SnmpSecurity | undefined) => Value,
) {
  return "complaint" in result
    ? { path: result.complaint.path, message: result.complaint.text }
    : { value: value(result.security) };
}

const staticKeys = object({
  port: key(port().default(161), "UDP port of the agent."),
  version: key(
    snmpVersion().prefault("2c"),
    "SNMP version, used with community; 3 when v3 is given.",
  ),
  community: key(
    text().optional(),
    "Community for this printer; tried before the general credentials.",
    { secret: true, sample: "public" },
  ),
  write: key(text().optional(), "Write community for this printer.", {
    secret: true,
    sample: "${env:SNMP_WRITE}",
  }),
  v3: key(object(v3Keys).optional(), "Version 3 user for this printer."),
});

const staticSnmp = combined(staticKeys, (keys) =>
  outcome(staticSecurity(keys), (security) => ({ port: keys.port, security })),
);

const ewsAddress = object({
  port: key(port().optional(), "Port of the web pages; that of the scheme unless given.", {
    sample: 443,
  }),
  scheme: key(choice(["http", "https"]).default("https"), "http or https."),
});

const staticEntry = object({
  host: key(hostName(), "IP address or DNS name of the printer.", { sample: "192.0.2.10" }),
  snmp: key(
    orNone(staticSnmp).prefault({}),
    "SNMP agent of the printer; false for a printer that has none.",
  ),
  ews: key(ewsAddress.optional(), "Embedded web server of the printer."),
  ipp: key(
    object({
      port: key(port().default(631), "Port of the IPP service."),
      scheme: key(choice(["ipp", "ipps"]).default("ipp"), "ipp or ipps."),
      path: key(text().default("/ipp/print"), "Path of the printer object."),
    }).optional(),
    "IPP service of the printer.",
    { notYet: true },
  ),
  pjl: key(
    object({ port: key(port().default(9100), "Port that understands PJL.") }).optional(),
    "PJL over a raw port of the printer.",
    { notYet: true },
  ),
}).refine(
  (entry) => entry.snmp !== undefined || entry.ews !== undefined,
  wrong("leaves no way to the printer; add ews or take snmp: false away"),
);

/** Searching and printers known beforehand. */
export const discovery = object({
  interval: key(duration(oneSecondMs).prefault("6h"), "Time between two searches."),
  approval: key(
    choice(["auto", "manual"]).default("auto"),
    "auto adopts what is found; manual waits for mfpgate approve.",
  ),
  snmp: key(
    object({
      ranges: key(
        list(sweepRange(), 'is not a list; write ["192.0.2.0/24"]').prefault([]),
        "IPv4 ranges to search, each a /12 or smaller; one address is a /32.",
        { sample: "192.0.2.0/24" },
      ),
      port: key(port().default(161), "UDP port to search."),
      packetsPerSecond: key(count(1, 20_000).default(500), "Probes a second."),
      exclude: key(
        list(range(), 'is not a list; write ["192.0.2.7"]').prefault([]),
        "Addresses and ranges never to touch.",
        { sample: "192.0.2.128/25" },
      ),
    }).prefault({}),
    "Search by SNMP.",
  ),
  mdns: key(flag().default(false), "Search by mDNS.", { notYet: true }),
  wsDiscovery: key(flag().default(false), "Search by WS-Discovery.", { notYet: true }),
  static: key(
    list(staticEntry, "is not a list; begin each printer with a dash").prefault([]),
    "Printers at known addresses.",
  ),
  serial: key(
    list(
      object({
        path: key(text(), "Device file of the line.", { sample: "/dev/ttyUSB0" }),
        baudRate: key(count(300, 4_000_000).default(9_600), "Bits a second."),
      }),
    ).prefault([]),
    "Printers at serial lines.",
    { notYet: true },
  ),
  import: key(
    list(
      object({
        csv: key(text().optional(), "CSV file with a column host.", {
          sample: "./printers.csv",
        }),
        cups: key(url(["ipp", "ipps", "http", "https"]).optional(), "CUPS server.", {
          sample: "ipp://localhost:631",
        }),
      }).refine(
        (value) => (value.csv === undefined) !== (value.cups === undefined),
        wrong("needs exactly one of csv and cups; make one entry for each"),
      ),
    ).prefault([]),
    "Lists of printers kept elsewhere.",
    { notYet: true },
  ),
}).prefault({});

const credentialKeys = object({
  version: key(snmpVersion().prefault("2c"), "SNMP version: 1, 2c or 3."),
  read: key(text().optional(), "Versions 1 and 2c: read community.", {
    secret: true,
    sample: "public",
  }),
  write: key(text().optional(), "Versions 1 and 2c: write community.", {
    secret: true,
    sample: "${env:SNMP_WRITE}",
  }),
  ...v3Keys,
});

const credentialSnmp = combined(credentialKeys, (keys) =>
  outcome(credentialSecurity(keys), (security) => security),
);

/** Web servers of printers at this site. */
export const ews = object({
  timeout: key(duration(oneSecondMs).prefault("15s"), "How long a printer may take over one page."),
  tls: key(
    object({
      verify: key(
        choice(tlsVerifyWords).default("pin"),
        "Certificates of printers: pin trusts the one seen first and refuses another one, ca asks the CAs of the system, none takes any.",
      ),
      allowLegacy: key(
        flag().default(false),
        "Talk TLS 1.0 and 1.1 with old ciphers to printers whose mapping says that they know nothing newer.",
      ),
    }).prefault({}),
    "TLS towards the printers.",
  ),
}).prefault({});

/** One way in. */
export const credential = object({
  match: key(
    object({
      ranges: key(list(range()).prefault([]), "Only for printers in these ranges; empty = all.", {
        sample: "192.0.2.0/24",
      }),
    }).prefault({}),
    "Printers this credential is for.",
  ),
  snmp: key(credentialSnmp.optional(), "For SNMP."),
  ews: key(
    object({
      username: key(
        anyText().optional(),
        "User name; none where the pages ask for a password only.",
        {
          sample: "admin",
        },
      ),
      password: key(anyText(), 'Password; "" where it was never set.', {
        secret: true,
        sample: "${env:EWS_PASSWORD}",
      }),
    }).optional(),
    "For the embedded web server. Tried once; a password that was refused is not tried again until it changes here.",
  ),
}).refine(
  (value) => value.snmp !== undefined || value.ews !== undefined,
  wrong("says no credential; add snmp or ews"),
);
