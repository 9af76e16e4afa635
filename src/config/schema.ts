import { presentAsWords } from "./config.ts";
import { acs, proxier, store } from "./schema-acs.ts";
import { connectionRequest } from "./schema-connection-request.ts";
import { credential, discovery, ews } from "./schema-printers.ts";
import {
  type Output,
  choice,
  count,
  duration,
  flag,
  key,
  list,
  listen,
  object,
  parsedText,
  text,
  wrong,
} from "./schema-values.ts";
import { parseMaintenanceWindow } from "./maintenance-window.ts";
import { parseDailyPeriod, parseSize, sizePattern } from "./units.ts";

/**
 * The one source of the configuration: loader, JSON Schema and `config.example.yaml` come from it. Every key carries a
 * description; further keywords are `secret` (registered with the redactor), `notYet` (accepted and checked, but without
 * effect in this version) and `sample` (what the example shows for a key without default).
 */

const oneSecondMs = 1_000;

const presentation = object({
  default: key(
    choice(presentAsWords).default("virtual"),
    "How the ACS sees a printer: virtual (a device of its own), embedded (an object of the proxier), none; mfpgate present and the ACS may choose otherwise for single printers.",
  ),
  rules: key(
    list(
      object({
        match: key(
          object({
            vendor: key(text().optional(), "Manufacturer; * and ? stand for any characters.", {
              sample: "Zebra",
            }),
            model: key(text().optional(), "Model; * and ? stand for any characters.", {
              sample: "Test*",
            }),
          }).refine(
            (value) => value.vendor !== undefined || value.model !== undefined,
            wrong("names nothing; give vendor, model or both"),
          ),
          "Printers the rule is for.",
        ),
        as: key(choice(presentAsWords), "How they are shown.", { sample: "none" }),
      }),
    ).prefault([]),
    "Exceptions; the first that matches decides.",
  ),
}).prefault({});

const pollingPeriod = (text_: string, what: string) =>
  key(duration(oneSecondMs).prefault(text_), `Period of ${what}; at least 1s.`);

const polling = object({
  status: pollingPeriod("60s", "state, alerts and console text"),
  supplies: pollingPeriod("5m", "supply levels and trays"),
  counters: pollingPeriod("15m", "page counters"),
  settings: pollingPeriod("1h", "settings"),
  identity: pollingPeriod("24h", "identity and firmware"),
  wakeBudgetPerDay: key(
    count(0, 1_440).default(6),
    "How often a sleeping printer may be woken in a day.",
    { notYet: true },
  ),
  quietHours: key(
    list(
      parsedText(parseDailyPeriod, "is not a time of day; write it as 22:00-06:00 in quotes"),
    ).prefault([]),
    "Times of day without polling, local time.",
    { notYet: true, sample: "22:00-06:00" },
  ),
}).prefault({});

const writes = object({
  readOnly: key(
    flag().default(false),
    "Change nothing at any printer, whoever asks; values can be read only.",
  ),
  allowUnverified: key(
    flag().default(false),
    "Offer settings and actions nobody has seen working on a device (unverified in their mapping file), " +
      "the factory reset by Printer-MIB among them.",
  ),
  maintenanceWindows: key(
    list(
      parsedText(
        parseMaintenanceWindow,
        'is not a window; write days and times, such as "Sat 22:00-06:00", "Mon-Fri 01:00-05:00" or "22:00-06:00"',
      ),
      'is not a list; write ["Sat 22:00-06:00"]',
    ).prefault([]),
    "When printers may be restarted by a setting, local time of this box; at any time unless given. Days are those a window begins on.",
    { sample: "Sat 22:00-06:00" },
  ),
}).prefault({});

const transfers = object({
  allowHosts: key(
    list(
      text().refine(
        (entry) => !/[\s/]/.test(entry),
        wrong("is not a host; write a name or an address without scheme and path"),
      ),
    ).prefault(["*"]),
    "File servers the ACS may name; * stands for any characters. Addresses of this box, its link and metadata " +
      "services are refused unless an entry without * names them (127.0.0.1, files.local).",
  ),
  maxSize: key(
    parsedText(parseSize, "is not a size; write a number with its unit, such as 512MiB", {
      pattern: sizePattern,
    }).prefault("512MiB"),
    "Largest file.",
  ),
  requireSignature: key(
    flag().default(false),
    "Refuse files without a signature. This version cannot check any, so true refuses every download.",
  ),
  sftpHostKeys: key(
    list(
      text().regex(
        /^SHA256:[A-Za-z0-9+/]{43}$/,
        wrong("is not a host key; write it as ssh-keygen -l prints it, SHA256: and 43 characters"),
      ),
    ).prefault([]),
    "Host keys of SFTP servers, as ssh-keygen -l prints them; without any, sftp URLs are refused.",
    { sample: "SHA256:XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX" },
  ),
}).prefault({});

const api = object({
  listen: key(
    listen().prefault("127.0.0.1:8632"),
    "Where the local API and the status page listen.",
  ),
  token: key(
    text()
      .refine(
        (value) => value === "auto" || value.length >= 8,
        wrong("is shorter than 8 characters; choose a longer one or auto"),
      )
      .default("auto"),
    "Bearer token of the local API; auto makes one at the first start and keeps it in dataDir.",
    { secret: true },
  ),
}).prefault({});

const log = object({
  level: key(
    choice(["error", "warn", "info", "debug", "trace"]).default("info"),
    "How much is logged: error, warn, info, debug or trace.",
  ),
  format: key(choice(["json", "text"]).default("json"), "json for machines, text for people."),
}).prefault({});

/** The whole file. Its output is what `resolve.ts` turns into `Config`. */
export const configSchema = object({
  proxier: key(proxier, "How the proxier itself presents itself to the ACS."),
  dataDir: key(
    text().default("./data"),
    "Directory of the database and its key file, created for its owner only. Relative to this file, as all paths.",
  ),
  store: key(store, "Where everything is kept."),
  acs: key(acs, "The ACS (auto configuration server)."),
  connectionRequest: key(connectionRequest, "How the ACS asks for a session."),
  discovery: key(discovery, "How printers are found."),
  credentials: key(
    list(credential, "is not a list; begin each credential with a dash").prefault([]),
    "Tried in order; the one that worked is remembered per printer. Without any: SNMP 2c with the community public.",
  ),
  ews: key(ews, "Web pages of the printers, for all of them."),
  presentation: key(presentation, "How the ACS sees the printers."),
  polling: key(polling, "How often printers are read."),
  mappings: key(
    list(text(), "is not a list; write [./mappings]").prefault([]),
    "Folders of your own mapping files; they win over the shipped ones, later folders over earlier.",
    { sample: "./mappings" },
  ),
  writes: key(writes, "What may be written to printers."),
  transfers: key(transfers, "Files the ACS has devices download or upload."),
  api: key(api, "Local API, metrics and status page."),
  log: key(log, "Log, written to standard error."),
});

/** Values after parsing, defaults filled in: durations in milliseconds, sizes in bytes. */
export type ParsedConfig = Output<typeof configSchema>;
