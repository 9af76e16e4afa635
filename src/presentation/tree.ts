import type { ActiveNotify, ParameterType } from "../model/definition.ts";

/** One entry of a tree. Objects, tables and instances end with a dot and carry no type. */
export interface TreeNode {
  readonly path: string;
  /** Parameter: settable. Table: rows can be added. Instance: the row can be deleted. */
  readonly writable: boolean;
  readonly type?: ParameterType;
  /** Absent = `normal`. */
  readonly notification?: ActiveNotify;
}

/**
 * A table of many rows that are not among the nodes: what is below a row is a list that rows of a kind share. Fits
 * `ParameterTable` of the cwmp room.
 */
export interface TreeTable {
  /** Ends with a dot; the table itself is among the nodes. */
  readonly path: string;
  /** Numbers of the rows there are, ascending. */
  instances(): readonly number[];
  /** Everything below a row, relative to it; another array whenever something in it is different. */
  row(instance: number): readonly TreeNode[] | undefined;
}

/** A value as it goes on the wire, unescaped. Hidden parameters: "". */
export interface TreeValue {
  readonly path: string;
  readonly type: ParameterType;
  readonly value: string;
}

/** A value somebody wants set; `type` (`xsd:string` or `string`) is absent when none was given. */
export interface Assignment {
  readonly path: string;
  readonly value: string;
  readonly type?: string;
}

/** Why one assignment is refused (CWMP fault codes, TR-069a6 A.5.1). */
export interface AssignmentFault {
  readonly path: string;
  readonly code: 9002 | 9005 | 9006 | 9007 | 9008;
  readonly text: string;
}

/** Who wants parameters set; the ACS unless told. `cli` and `api` are on the box. */
export type TreeWriter = "acs" | "cli" | "api";

/** Nothing was changed, or everything undone. */
export interface TreeRefusal {
  readonly outcome: "refused";
  readonly code: number;
  readonly text: string;
  readonly faults: readonly AssignmentFault[];
}

/** Said of a table, a row or a parameter that is not there or cannot be changed. */
export const unchangeable: TreeRefusal = {
  outcome: "refused",
  code: 9005,
  text: "nothing there that can be changed",
  faults: [],
};

/** Outcome of a write; `committed` means that it is promised and not proven yet, `why` says what it waits for. */
export type TreeWriteResult =
  { readonly outcome: "applied" | "committed"; readonly why?: string } | TreeRefusal;

/** Outcome of adding a row to a table. */
export type TreeAddResult =
  { readonly outcome: "applied" | "committed"; readonly instanceNumber: number } | TreeRefusal;

/** Events that arise in a device itself. */
export type TreeEvent = "8 DIAGNOSTICS COMPLETE" | "13 WAKEUP";

/** A device's data model as CWMP asks for it; fits the `ParameterTree` port of the cwmp room. */
export interface DeviceTree {
  nodes(): readonly TreeNode[];
  /** Tables whose rows are not in `nodes`. */
  tables?(): readonly TreeTable[];
  get(path: string): TreeValue | undefined;
  refresh(paths: readonly string[], deadlineMs: number): Promise<void>;
  validate(assignment: Assignment): AssignmentFault | undefined;
  write(assignments: readonly Assignment[], writer?: TreeWriter): Promise<TreeWriteResult>;
  onChange(listener: (paths: readonly string[]) => void): () => void;
  addObject?(table: string): Promise<TreeAddResult>;
  deleteObject?(instance: string): Promise<TreeWriteResult>;
  sessionEnded?(): void;
  onEvent?(listener: (eventCode: TreeEvent) => void): () => void;
}

/** Where `Device.DeviceInfo.ProvisioningCode` of one device is kept. `set` resolves when it is on disk. */
export interface ProvisioningCode {
  get(): string;
  set(value: string): Promise<void>;
}

/** A parameter worked out when asked for; `C` is what it is worked out from. Shared by all devices of a kind. */
export interface ComputedParameter<C> {
  readonly path: string;
  readonly type: ParameterType;
  readonly writable?: boolean;
  readonly notification?: ActiveNotify;
  /** Wire text of the value. */
  readonly read: (context: C) => string;
  /** Paths of the snapshot it is worked out from. */
  readonly sources?: readonly string[];
}
