import type { ObjectDefinition } from "../definition.ts";
import { choice, enable, flag, list, moment, secret, text, whole } from "./builders.ts";

const writable = { writable: true } as const;
const accessStatuses = ["OK", "AuthError", "Timeout", "Disabled"] as const;

function outcome(of: string) {
  return [
    choice("Status", accessStatuses, `Outcome of the latest ${of} exchange.`),
    moment("LastSuccess", `When ${of} last worked; 0001-01-01T00:00:00Z when never.`),
  ];
}

const timing = [
  whole("Timeout", "Seconds to wait for an answer.", {
    ...writable,
    units: "seconds",
    minimum: 1,
    maximum: 600,
  }),
];
/** Added to what is said of texts that can be given back to the configuration. */
const orConfigured = "Set to the empty string: as configured.";

/** How mfpgate itself talks to the printer, and what it knows about that. */
export const interactionObjects: readonly ObjectDefinition[] = [
  {
    path: "Interaction.",
    description: "Settings mfpgate uses to talk to this printer; not the printer's own.",
    parameters: [
      whole("PollInterval", "Seconds between status polls.", {
        ...writable,
        units: "seconds",
        minimum: 1,
        maximum: 604_800,
      }),
      text("MappingName", "Mapping file chosen for the printer.", writable),
      text("MappingVersion", "Content hash of that mapping."),
    ],
  },
  {
    path: "Interaction.SNMP.",
    description: "SNMP access to the printer.",
    parameters: [
      enable("SNMP is used."),
      text("Address", "Host name or address of the printer, also for its web pages.", writable),
      whole("Port", "UDP port.", { ...writable, minimum: 1, maximum: 65_535 }),
      choice("Version", ["v1", "v2c", "v3"], "SNMP version.", writable),
      secret("ReadCommunity", `Community for reading. ${orConfigured}`),
      secret("WriteCommunity", `Community for writing. ${orConfigured}`),
      text("SecurityName", `User of SNMP v3. ${orConfigured}`, writable),
      choice(
        "AuthProtocol",
        ["None", "MD5", "SHA", "SHA224", "SHA256", "SHA384", "SHA512"],
        "Authentication of SNMP v3.",
        writable,
      ),
      secret("AuthPassword", `Authentication pass phrase. ${orConfigured}`),
      choice(
        "PrivProtocol",
        ["None", "DES", "AES", "AES256B", "AES256R"],
        "Privacy of SNMP v3.",
        writable,
      ),
      secret("PrivPassword", `Privacy pass phrase. ${orConfigured}`),
      ...timing,
      whole("Retries", "Attempts after the first.", { ...writable, maximum: 10 }),
      ...outcome("SNMP"),
    ],
  },
  {
    path: "Interaction.EWS.",
    description: "Access to the printer's web pages.",
    parameters: [
      enable("The web pages are used."),
      text("URL", `Scheme, host of the printer and port of the web pages. ${orConfigured}`, {
        ...writable,
        maxLength: 1024,
      }),
      text("Username", `Account. ${orConfigured}`, writable),
      secret("Password", `Password of the account. ${orConfigured}`),
      choice(
        "AuthMethod",
        ["None", "Basic", "Digest", "Form"],
        "How to log in, which follows from the mapping: no other method can be set.",
        writable,
      ),
      flag(
        "VerifyCertificate",
        "The printer's certificate must be valid; false: it is judged as configured.",
        writable,
      ),
      ...timing,
      ...outcome("web"),
    ],
  },
  {
    path: "Interaction.IPP.",
    description: "IPP access to the printer.",
    parameters: [
      enable("IPP is used."),
      text("URI", "Printer URI.", { ...writable, maxLength: 1023 }),
      ...timing,
      ...outcome("IPP"),
    ],
  },
  {
    path: "Interaction.Serial.",
    description: "Serial line to the printer.",
    parameters: [
      enable("The line is used."),
      text("Device", "Device file.", writable),
      whole("BaudRate", "Bits per second.", writable),
      choice("Parity", ["None", "Even", "Odd"], "Parity.", writable),
      ...timing,
      ...outcome("serial"),
    ],
  },
  {
    path: "Interaction.WSD.",
    description: "Web Services for Devices.",
    parameters: [
      enable("WSD is used."),
      text("URI", "Endpoint address.", { ...writable, maxLength: 1023 }),
      ...outcome("WSD"),
    ],
  },
  {
    path: "Proxy.",
    description: "What mfpgate knows about its own contact with the printer.",
    parameters: [
      choice(
        "Reachability",
        ["Online", "Asleep", "Unreachable", "Retired"],
        "Whether the printer answers.",
      ),
      moment("LastContact", "When it last answered; 0001-01-01T00:00:00Z when never."),
      text("Mapping", "Mapping file in use."),
      text("MappingVersion", "Content hash of that mapping."),
      list(
        "StaleParameters",
        "Partial paths, below the service object unless absolute, with values older than three polling periods or never read.",
      ),
    ],
  },
];
