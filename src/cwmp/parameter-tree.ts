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

/** What came of a write. */
export type WriteResult =
  /** `applied`: in force and read back (Status 0). `committed`: stored, will be applied (Status 1). */
  | { readonly outcome: "applied" | "committed" }
  /** Nothing was changed (or everything undone). `faults` is empty when the failure concerns no single parameter. */
  | {
      readonly outcome: "refused";
      readonly code: number;
      readonly text: string;
      readonly faults: readonly AssignmentFault[];
    };

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
  /** Last known value; undefined for a path that is no parameter. Cheap and synchronous. */
  get(path: string): ParameterValue | undefined;
  /** Reads afresh what is older than its class allows. Settles by the deadline at the latest; never rejects for an unreachable device. */
  refresh(paths: readonly string[], deadlineMs: number): Promise<void>;
  /** Checks one assignment completely without side effects. */
  validate(assignment: ParameterAssignment): AssignmentFault | undefined;
  /** Applies assignments that all validated: all or nothing. */
  write(assignments: readonly ParameterAssignment[]): Promise<WriteResult>;
  /** Tells of parameters whose value changed by anything but `write`. Returns the unsubscribe function. */
  onChange(listener: (paths: readonly string[]) => void): () => void;
}

/** What a device can do beyond parameters; an absent method is not listed by GetRPCMethods and answered 9000. */
export interface DeviceActions {
  /** Restarts the device; resolves when the request was handed over. The engine sends `M Reboot` once `1 BOOT` is due. */
  readonly reboot?: ((commandKey: string) => Promise<void>) | undefined;
}
