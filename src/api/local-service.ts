/** What the local API asks of the running service; `main.ts` implements it by joining the rooms. */

/** One line of the inventory (`GET /api/v1/printers`). */
export interface PrinterSummary {
  readonly id: string;
  readonly manufacturer: string;
  readonly model: string;
  readonly serialNumber: string;
  readonly host: string;
  /** `virtual`, `embedded` or `none`. */
  readonly presentation: string;
  /** Whether that follows from a `rule` of the configuration or an `override` by the operator or the ACS. */
  readonly presentationFrom: string;
  /** `Online`, `Asleep`, `Unreachable`, `Retired`, or `Pending` while approval is awaited. */
  readonly reachability: string;
  readonly mapping: string;
  /** ISO 8601; null before the first answer. */
  readonly lastContact: string | null;
  /** Null when the mapping asks it for no pages. */
  readonly web: WebSummary | null;
  /** Names below `Interaction.` that somebody set: they go before the configuration (`SNMP.ReadCommunity`). */
  readonly interactionSet: readonly string[];
}

/** A printer's web server. */
export interface WebSummary {
  /** `https://192.0.2.10:443/`. */
  readonly address: string;
  /** ISO 8601; null when the password was not refused lately, or was taken since. */
  readonly passwordRefusedAt: string | null;
  /** Pages built in another way than before, whose values are not believed. */
  readonly distrustedPages: readonly string[];
  /** SHA-256 of the certificate that is trusted; null without one. */
  readonly certificate: string | null;
}

/** One parameter as CWMP shows it; `value` is a JSON string, number or boolean by `type`. */
export interface ParameterView {
  readonly value: string | number | boolean;
  /** CWMP type without prefix (`string`, `unsignedInt`, …). */
  readonly type: string;
  /** ISO 8601; null for values the box itself makes. */
  readonly readAt: string | null;
  readonly stale: boolean;
  /** Mapping that gave the value, or `mfpgate`. */
  readonly source: string;
  readonly writable: boolean;
}

/** Sessions of one endpoint (`GET /api/v1/sessions`); times ISO 8601, null for never. */
export interface SessionSummary {
  readonly endpoint: string;
  readonly lastSessionAt: string | null;
  readonly nextSessionAt: string | null;
  readonly sessions: number;
  readonly failures: number;
  readonly lastError: string | null;
  readonly pendingEvents: readonly string[];
}

/** The service at a glance (`GET /api/v1/status`); times ISO 8601. */
export interface ServiceStatus {
  readonly version: string;
  readonly startedAt: string;
  readonly ready: boolean;
  readonly acs: {
    readonly url: string;
    readonly sessions: number;
    readonly failures: number;
    readonly queued: number;
    readonly lastError: string | null;
  };
  readonly printers: Readonly<Record<string, number>>;
  readonly polling: { readonly queued: number; readonly running: number };
  readonly discovery: {
    readonly running: boolean;
    readonly lastRunAt: string | null;
    readonly found: number;
  };
  readonly connectionRequest: { readonly listening: string };
}

/** A change refused as the ACS would see it: CWMP fault code and text. */
export interface ParameterFault {
  readonly path: string;
  readonly code: number;
  readonly text: string;
}

/** What came of a set; `committed` is stored or sent and not verified yet, `why` says what it waits for. */
export type SetOutcome =
  | { readonly outcome: "applied" | "committed"; readonly why?: string }
  | {
      readonly outcome: "refused";
      readonly code: number;
      readonly text: string;
      readonly faults: readonly ParameterFault[];
    };

/** What a set would do, found out without touching anything. Values that are secret are `[redacted]`. */
export interface SetPlan {
  /** What would be changed; `from` is null when it is not known. */
  readonly changes: readonly {
    readonly path: string;
    readonly from: string | number | boolean | null;
    readonly to: string | number | boolean;
  }[];
  /** In the order they would be made. */
  readonly steps: readonly {
    /** `snmp`, `ews`, …; `mfpgate` for what the box keeps itself. */
    readonly driver: string;
    readonly description: string;
    readonly paths: readonly string[];
    /** What goes down for a while. */
    readonly restarts: "network" | "printer" | null;
  }[];
  /** Why it would be refused, all of it; `code` is the CWMP fault code where there is one. */
  readonly objections: readonly {
    readonly path: string;
    readonly code: number | null;
    readonly text: string;
  }[];
}

/** A value somebody set or tried to (`GET /api/v1/audit`); `at` ISO 8601. */
export interface AuditLine {
  readonly at: string;
  /** `acs`, `cli` or `api`. */
  readonly who: string;
  /** Printer id, or `proxier`. */
  readonly device: string;
  readonly path: string;
  /** `[redacted]` for a secret, null for what is not known. */
  readonly from: string | number | boolean | null;
  readonly to: string | number | boolean | null;
  /** `applied`, `committed`, `undone`, or why it was refused. */
  readonly outcome: string;
}

/** What the ACS made of a request for a download; `waiting`: it has not answered yet and stays asked. */
export type RequestedDownload = "taken" | "waiting";

/** Where one value came from, for `mfpgate explain`. */
export interface Explanation {
  readonly path: string;
  readonly value: string | number | boolean;
  readonly source: string;
  readonly raw: string;
  readonly transforms: readonly string[];
  readonly definedAt: string;
  readonly readAt: string;
  readonly rejected: readonly { readonly source: string; readonly reason: string }[];
  readonly note?: string;
}

/** One line of the operations log (`GET /api/v1/events`); `at` ISO 8601. */
export interface EventLine {
  readonly at: string;
  readonly device: string;
  readonly kind: string;
  readonly text: string;
}

/** A file transfer the ACS ordered and was not yet told the end of (`GET /api/v1/transfers`); times ISO 8601. */
export interface TransferLine {
  readonly id: number;
  readonly endpoint: string;
  readonly kind: "Download" | "Upload" | "ScheduleDownload";
  readonly commandKey: string;
  readonly fileType: string;
  /** `https://files.example.net`; the rest of the URL may be secret. */
  readonly server: string;
  readonly state: string;
  readonly attempts: number;
  /** While it waits for its time. */
  readonly dueAt: string | null;
  readonly startedAt: string | null;
  /** Why it failed, or why the last attempt did. */
  readonly fault: string | null;
}

/** What a search found (`POST /api/v1/discover`). */
export interface DiscoveryResult {
  readonly probed: number;
  readonly found: readonly {
    readonly host: string;
    readonly description: string;
    readonly known: boolean;
  }[];
}

/** What a page that kicks was called with; all may be "". */
export interface KickedPage {
  readonly command: string;
  readonly referer: string;
  readonly arg: string;
  readonly next: string;
}

/** `target` is a printer id or `proxier` throughout. Unknown targets give undefined. */
export interface LocalService {
  isReady(): boolean;
  status(): ServiceStatus;
  sessions(): readonly SessionSummary[];
  printers(): readonly PrinterSummary[];
  /** Last known values below `path` (a full name, a partial path ending with a dot, or empty). */
  parameters(target: string, path: string): Readonly<Record<string, ParameterView>> | undefined;
  /** The same after reading afresh what is older than its poll class. */
  read(target: string, path: string): Promise<Readonly<Record<string, ParameterView>> | undefined>;
  set(
    target: string,
    values: Readonly<Record<string, string>>,
    who: "cli" | "api",
  ): Promise<SetOutcome | undefined>;
  /** What {@link set} would do. */
  plan(target: string, values: Readonly<Record<string, string>>): Promise<SetPlan | undefined>;
  /** Who set what, oldest first, the newest `limit` lines; of everything when `device` is empty. */
  audit(device: string, limit: number): Promise<readonly AuditLine[] | undefined>;
  explain(target: string, path: string): Promise<Explanation | undefined>;
  discover(ranges: readonly string[]): Promise<DiscoveryResult>;
  approve(target: string): Promise<boolean>;
  retire(target: string): Promise<boolean>;
  /** Takes the pages of a printer for right as they are built now; false when none were distrusted. */
  acceptPages(target: string): Promise<boolean>;
  /** Trusts the certificate a printer's web server shows next; false when none is pinned. */
  acceptCertificate(target: string): Promise<boolean>;
  /** Lets the web password a printer refused be tried once more; false when none was refused. */
  retryPassword(target: string): Promise<boolean>;
  /**
   * Asks the ACS for a Download (TR-069a6 A.4.2.2).
   * @throws when the ACS refuses or does not take such requests
   */
  requestDownload(
    target: string,
    wanted: { readonly fileType: string; readonly arguments: Readonly<Record<string, string>> },
  ): Promise<RequestedDownload | undefined>;
  /** Shows a printer as `virtual`, `embedded` or `none`; `auto` leaves it to the rules. False for an unknown printer. */
  present(target: string, choice: string): Promise<boolean>;
  /** Starts a session now; false for an unknown endpoint. */
  inform(target: string): boolean;
  /**
   * Tells the ACS that somebody followed KickURL (TR-069a6 A.4.2.1); resolves with the page it sends the browser to.
   * @throws when the ACS refuses or does not take kicks
   */
  kick(kick: KickedPage): Promise<string>;
  events(limit: number): Promise<readonly EventLine[]>;
  /** Oldest first. */
  transfers(): readonly TransferLine[];
  /** A device-type or data-model document by its file name (`<uuid>.xml`); undefined when there is none. */
  document(name: string): string | undefined;
}
