import { cwmpVersions } from "../cwmp/session/dialect.ts";
import {
  anyText,
  choice,
  count,
  duration,
  flag,
  key,
  list,
  object,
  text,
  url,
  wrong,
} from "./schema-values.ts";

/** The part of the schema towards the ACS; see `schema.ts`. */

const oneSecondMs = 1_000;

/** Identity of the proxier. */
export const proxier = object({
  manufacturer: key(
    text().max(64).default("mfpgate"),
    "Manufacturer in the DeviceId of the proxier.",
  ),
  oui: key(
    text("is not text; put the OUI in quotes, or YAML reads it as a number")
      .regex(
        /^[0-9A-Fa-f]{6}$/,
        wrong('is not an OUI; write six hexadecimal digits, such as "00005E"'),
      )
      .transform((value) => value.toUpperCase())
      .prefault("00005E"),
    "Organizationally unique identifier of the manufacturer, six hexadecimal digits.",
  ),
  productClass: key(
    text().max(64).default("mfpgate"),
    "ProductClass in the DeviceId of the proxier.",
  ),
  serialNumber: key(
    text().max(64).default("auto"),
    "Serial number of the proxier; auto makes one at the first start and keeps it in dataDir.",
  ),
}).prefault({});

/** Which database. */
export const store = object({
  sqlite: key(object({}).optional(), "SQLite in dataDir; needs nothing installed."),
  postgres: key(
    object({
      url: key(url(["postgres", "postgresql"]), "Connection URL.", {
        secret: true,
        sample: "postgres://mfpgate@db.example.net/mfpgate",
      }),
    }).optional(),
    "PostgreSQL, for several boxes sharing one fleet.",
    { notYet: true },
  ),
})
  .refine((value) => value.postgres === undefined, {
    ...wrong("names PostgreSQL, which this version does not serve; use sqlite: {}"),
    path: ["postgres"],
  })
  .prefault({});

const tls = object({
  ca: key(
    text().optional(),
    "CA certificates to trust instead of the system's: PEM file or PEM text.",
    {
      sample: "/etc/mfpgate/ca.pem",
    },
  ),
  cert: key(text().optional(), "Client certificate: PEM file or PEM text.", {
    sample: "/etc/mfpgate/client.pem",
  }),
  key: key(text().optional(), "Private key of the client certificate: PEM file or PEM text.", {
    secret: true,
    sample: "/etc/mfpgate/client.key",
  }),
  insecure: key(
    flag().default(false),
    "Accept any certificate of the ACS. For trials only: anyone on the way can then manage the printers.",
  ),
})
  .refine(
    (value) => (value.cert === undefined) === (value.key === undefined),
    wrong("has only one of cert and key; give both or none"),
  )
  .prefault({});

/** Where the DHCP clients of Linux keep what they were told. */
const defaultLeaseFiles = [
  "/run/systemd/netif/leases/*",
  "/var/lib/dhcp/dhclient*.leases",
  "/var/lib/dhclient/*.lease*",
  "/var/lib/dhcpcd/*.lease*",
  "/var/lib/NetworkManager/*.lease",
];

const withoutUserInfo = (value: string): boolean => {
  if (!URL.canParse(value)) return true;
  const { username, password } = new URL(value);
  return username === "" && password === "";
};

const cwmp = object({
  version: key(
    choice(cwmpVersions).default("1.4"),
    "Newest CWMP version to speak; older ones are tried when the ACS refuses it.",
  ),
  sessionTimeout: key(
    flag().default(true),
    "Tell the ACS how long to wait for an answer (SessionTimeout header, CWMP 1.3 and later).",
  ),
  supportedVersions: key(
    flag().default(true),
    "Tell the ACS which versions are spoken here (SupportedCWMPVersions header, CWMP 1.4).",
  ),
}).prefault({});

/** The ACS and TLS towards it. */
export const acs = object(
  {
    url: key(
      url(["http", "https"], "auto").refine(
        withoutUserInfo,
        wrong("contains a user name or password; put them into acs.username and acs.password"),
      ),
      "Where the ACS is; auto: as DHCP tells this box, see acs.discovery.",
      { sample: "https://acs.example.net/cwmp" },
    ),
    discovery: key(
      object({
        leases: key(
          list(text()).default([...defaultLeaseFiles]),
          "Lease files of the DHCP client; * stands for any characters of a file name.",
        ),
      }).prefault({}),
      "How the ACS is found when acs.url is auto (TR-069 section 3.1), and the gateway.",
    ),
    rootDataModel: key(
      choice(["Device:2", "Device:1"]).default("Device:2"),
      "Root data model shown to the ACS; Device:1 (TR-181 Issue 1) is for an ACS that knows no other.",
    ),
    username: key(text().optional(), "User name for the ACS, basic or digest as it asks.", {
      sample: "proxier-1",
    }),
    password: key(anyText().optional(), "Password for the ACS.", {
      secret: true,
      sample: "${file:/run/secrets/acs}",
    }),
    periodicInform: key(
      duration(oneSecondMs).prefault("15m"),
      "Interval of the periodic Inform until the ACS sets another.",
    ),
    cwmp: key(cwmp, "How the ACS is spoken to."),
    tls: key(tls, "TLS towards the ACS."),
    maxConcurrentSessions: key(
      count(1, 1_000).default(10),
      "Sessions with the ACS at the same time, over all devices.",
    ),
  },
  wrong("is missing; add acs: { url: https://… }, the address of the ACS"),
);
