/** The port through which CWMP sees a data model. It never hears what kind of device is behind it. */

/** Value types on the wire (TR-106 §3.2); the prefix `xsd:` is added by the SOAP codec. */
export type CwmpType =
  | "string"
  | "int"
  | "unsignedInt"
  | "long"
  | "unsignedLong"
  | "boolean"
  | "dateTime"
  | "base64"
  | "hexBinary";

/** TR-106 `activeNotify`. */
export type NotificationRule = "normal" | "canDeny" | "forceEnabled" | "forceDefaultEnabled";

/** One entry of the tree. Objects, tables and instances end with a dot and carry no type. */
export interface ParameterNode {
  readonly path: string;
  /** Parameter: settable. Table: AddObject possible. Instance: DeleteObject possible. */
  readonly writable: boolean;
  readonly type?: CwmpType;
  /** Absent = `normal`. */
  readonly notification?: NotificationRule;
}

/** A parameter as GetParameterValues gives it. */
export interface ParameterValue {
  readonly path: string;
  readonly type: CwmpType;
  /** Text as it goes on the wire, unescaped: `true`/`false`, decimal digits, ISO 8601 with `Z`. Hidden parameters: "". */
  readonly value: string;
}

/** A value the ACS wants set; `type` is absent when the ACS sent none. */
export interface ParameterAssignment {
  readonly path: string;
  readonly value: string;
  readonly type?: string;
}

/** Why one assignment is refused: 9005 name, 9006 type, 9007 value, 9008 not writable, 9001/9002 otherwise. */
export interface AssignmentFault {
  readonly path: string;
  readonly code: 9001 | 9002 | 9005 | 9006 | 9007 | 9008;
  readonly text: string;
}

/** Who wants parameters set; the ACS unless told. Only the ACS hears `8 DIAGNOSTICS COMPLETE` of what it asked for. */
export type Writer = "acs" | LocalWriter;
/** Somebody on the box: at the command line, or over the local API. */
export type LocalWriter = "cli" | "api";

/** What came of a write. */
export type WriteResult =
  /** `applied`: in force and read back (Status 0). `committed`: promised, and `why` that has to do (Status 1). */
  | { readonly outcome: "applied" | "committed"; readonly why?: string }
  /** Nothing was changed (or everything undone). `faults` is empty when the failure concerns no single parameter. */
  | {
      readonly outcome: "refused";
      readonly code: number;
      readonly text: string;
      readonly faults: readonly AssignmentFault[];
    };

/**
 * A table of many rows that are not in `nodes`. What is below a row is a list that rows of a kind share: a row costs a
 * reference, and one that comes, goes or looks different costs the others nothing.
 */
export interface ParameterTable {
  /** Ends with a dot; the table itself is in `nodes`. */
  readonly path: string;
  /** Numbers of the rows there are, ascending. */
  instances(): readonly number[];
  /**
   * Everything below a row, as in `nodes` but relative to the row (`Supply.3.Type`); undefined for a row that is not
   * there. Another array whenever something in it is different, never mutated.
   */
  row(instance: number): readonly ParameterNode[] | undefined;
  /** Whether DeleteObject takes the rows. */
  readonly deletable?: boolean;
}

/**
 * The data model of one endpoint, without `Device.ManagementServer.` scalars: those belong to the endpoint itself
 * and are merged in by the CWMP engine.
 */
export interface ParameterTree {
  /**
   * Every object, table, instance and parameter, each object before its content, no duplicates. The array is shared
   * and cached (one per shape, not per device); it is replaced, never mutated.
   */
  nodes(): readonly ParameterNode[];
  /** Tables whose rows are not in `nodes`; the same array, or none, for the life of the tree. */
  tables?(): readonly ParameterTable[];
  /** Last known value; undefined for a path that is no parameter. Cheap and synchronous. */
  get(path: string): ParameterValue | undefined;
  /** Reads afresh what is older than its class allows. Settles by the deadline at the latest; never rejects for an unreachable device. */
  refresh(paths: readonly string[], deadlineMs: number): Promise<void>;
  /** Checks one assignment completely without side effects. */
  validate(assignment: ParameterAssignment): AssignmentFault | undefined;
  /** Applies assignments that all validated: all or nothing. */
  write(assignments: readonly ParameterAssignment[], writer?: Writer): Promise<WriteResult>;
  /** Tells of parameters whose value changed by anything but `write`. Returns the unsubscribe function. */
  onChange(listener: (paths: readonly string[]) => void): () => void;
  /** Adds a row to a writable table (path ends with a dot). On disk when it resolves. Absent: no table is writable. */
  addObject?(table: string): Promise<AddObjectResult>;
  /** Deletes a row that its node shows as deletable. On disk when it resolves. Absent: no row is. */
  deleteObject?(instance: string): Promise<WriteResult>;
  /** A session with the ACS is over: what had to wait for that (diagnostics asked for) may begin. */
  sessionEnded?(): void;
  /** Tells of events that arise in the device itself. Returns the unsubscribe function. */
  onEvent?(listener: (eventCode: DeviceEvent) => void): () => void;
}

/** Events a device raises by itself; all others follow from what the endpoint does. */
export type DeviceEvent = "8 DIAGNOSTICS COMPLETE" | "13 WAKEUP";

/** What came of AddObject. */
export type AddObjectResult =
  | { readonly outcome: "applied" | "committed"; readonly instanceNumber: number }
  | Extract<WriteResult, { readonly outcome: "refused" }>;

/** What a device can do beyond parameters; an absent method is not listed by GetRPCMethods and answered 9000. */
export interface DeviceActions {
  /** Restarts the device; resolves when the request was handed over. The engine sends `M Reboot` once `1 BOOT` is due. */
  readonly reboot?: ((commandKey: string) => Promise<void>) | undefined;
  /** Puts the device back to factory settings; resolves when the request was handed over. `0 BOOTSTRAP` follows. */
  readonly factoryReset?: (() => Promise<void>) | undefined;
  /** Files the device takes and gives. Absent: neither Download nor Upload is listed. */
  readonly transfers?: TransferTarget | undefined;
}

/** What files a device takes and gives. Implemented for the proxier itself and, by drivers, for printers. */
export interface TransferTarget {
  /** Checks a Download before it is queued; undefined when it may be. Fault 9003, 9004, 9010 or 9001. */
  refusalOfDownload(file: DownloadedFileKind): TransferRefusal | undefined;
  /** Checks an Upload before it is queued; undefined when it may be. Fault 9003, 9011 or 9001. */
  refusalOfUpload(fileType: string): TransferRefusal | undefined;
  /**
   * Applies a downloaded file; resolves when it is in force, or rejects and everything is as before.
   * `file.path` is a private temporary file that the caller deletes.
   * @throws {TransferError} with the fault code the ACS is to be told
   */
  apply(file: DownloadedFile): Promise<AppliedFile>;
  /**
   * What became of a file whose {@link apply} was cut short by the end of the process, or that waited for a restart;
   * asked at each start of the process and after each restart of the device. Absent: nobody can tell, and the transfer
   * is reported failed (9002). @throws {TransferError} when it did not come into force and everything is as before
   */
  judge?(file: DownloadedFile): Promise<AppliedVerdict>;
  /** Makes a snapshot of what is to be uploaded, in `folder`; the caller deletes it. @throws {TransferError} */
  collect(fileType: string, folder: string): Promise<CollectedFile>;
}

/** What a Download names. */
export interface DownloadedFileKind {
  /** `3 Vendor Configuration File`, … */
  readonly fileType: string;
  readonly targetFileName: string;
  /** Bytes; 0 = not told. */
  readonly fileSize: number;
}

/** A file that arrived whole. */
export interface DownloadedFile extends DownloadedFileKind {
  readonly path: string;
}

/** `notApplied`: nothing of it was done, {@link TransferTarget.apply} may begin again. `waiting` for a restart to come. */
export type AppliedVerdict = "inForce" | "notApplied" | "waiting";

/** What applying a file amounted to. */
export interface AppliedFile {
  /** True when it is in force only after a restart of the device, whose `1 BOOT` completes the transfer. */
  readonly needsRestart: boolean;
}

/** A file ready for upload. */
export interface CollectedFile {
  readonly path: string;
  readonly contentType: string;
}

/** Why a transfer is not even queued. */
export interface TransferRefusal {
  readonly code: 9001 | 9003 | 9004 | 9010 | 9011;
  readonly text: string;
}
