import type { ActiveNotify, ParameterDefinition, ParameterType } from "../../model/definition.ts";

/** A parameter of a test and the value it has before anybody sets it or the test was run. */
export interface DiagnosticParameter {
  readonly definition: ParameterDefinition;
  /** Wire text. */
  readonly initial: string;
}

/** A table of results. */
export interface DiagnosticTable {
  /** `RouteHops`; the rows are numbered from 1. */
  readonly name: string;
  /** The parameter that counts the rows. */
  readonly count: DiagnosticParameter;
  readonly columns: readonly DiagnosticParameter[];
}

/** Arguments a test is run with; all were checked against their definitions. */
export interface DiagnosticArguments {
  text(name: string): string;
  whole(name: string): number;
}

/** Wire texts by parameter name. */
export type DiagnosticValues = Readonly<Record<string, string>>;

/** What came of a run. Results and columns not named here have their initial values. */
export interface DiagnosticOutcome {
  /** `Complete`, or one of the `Error_…` words of the object. */
  readonly state: string;
  readonly results?: DiagnosticValues;
  readonly rows?: readonly DiagnosticValues[];
}

/** One test: an object with arguments, a `DiagnosticsState` and results. To add one is to write one of these. */
export interface DiagnosticKind {
  /** Ends with a dot. */
  readonly object: string;
  /** Notification rule of its `DiagnosticsState`. */
  readonly stateNotification?: ActiveNotify;
  readonly arguments: readonly DiagnosticParameter[];
  /** Arguments without which the test cannot be asked for. */
  readonly required: readonly string[];
  readonly results: readonly DiagnosticParameter[];
  readonly table?: DiagnosticTable;
  /** Why a value that fits its definition cannot be used on this box. */
  readonly check?: (name: string, value: string) => string | undefined;
  /** Resolves early when `signal` aborts; what it resolves with counts for nothing then. */
  readonly run: (given: DiagnosticArguments, signal: AbortSignal) => Promise<DiagnosticOutcome>;
}

type Limits = Partial<
  Pick<ParameterDefinition, "enumeration" | "minimum" | "maximum" | "maxLength" | "activeNotify">
>;

/** An argument: writable. */
export function argument(
  name: string,
  type: ParameterType,
  initial: string,
  limits: Limits = {},
): DiagnosticParameter {
  return { definition: { name, type, access: "readWrite", description: "", ...limits }, initial };
}

/** A result: read-only. Numbers are 0 and instants unknown before the first run. */
export function result(
  name: string,
  type: ParameterType,
  activeNotify: ActiveNotify = "normal",
  initial = initialOf(type),
): DiagnosticParameter {
  const definition = { name, type, access: "readOnly", description: "", activeNotify } as const;
  return { definition, initial };
}

function initialOf(type: ParameterType): string {
  if (type === "string") return "";
  if (type === "boolean") return "false";
  return type === "dateTime" ? "0001-01-01T00:00:00Z" : "0";
}

/** `Error_…` for what a runner calls by the rest of that word. */
export function errorState(reason: string): string {
  return `Error_${reason}`;
}

/** `ProtocolVersion` of TR-181i2 diagnostics. */
export const protocolVersion = argument("ProtocolVersion", "string", "Any", {
  enumeration: ["Any", "IPv4", "IPv6"],
});

/** `Interface` of TR-181i2 diagnostics: path of an interface of the box; empty leaves it to the routing table. */
export const interfaceReference = argument("Interface", "string", "", { maxLength: 256 });

/** DiffServ code point of the packets of a test. */
export const dscp = argument("DSCP", "unsignedInt", "0", { minimum: 0, maximum: 63 });
