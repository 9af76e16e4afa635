import { ProxierError, errorText } from "../shared/errors.ts";
import type { AssignmentFault } from "./parameter-tree.ts";

/** CPE fault codes, what they mean, and the SOAP fault code that goes with them (TR-069a6 A.5.1). */
export const cpeFaults = {
  9000: { text: "Method not supported", soapCode: "Server" },
  9001: { text: "Request denied", soapCode: "Server" },
  9002: { text: "Internal error", soapCode: "Server" },
  9003: { text: "Invalid arguments", soapCode: "Client" },
  9004: { text: "Resources exceeded", soapCode: "Server" },
  9005: { text: "Invalid parameter name", soapCode: "Client" },
  9006: { text: "Invalid parameter type", soapCode: "Client" },
  9007: { text: "Invalid parameter value", soapCode: "Client" },
  9008: { text: "Attempt to set a non-writable parameter", soapCode: "Client" },
  9009: { text: "Notification request rejected", soapCode: "Server" },
  9010: { text: "File transfer failure", soapCode: "Server" },
  9011: { text: "Upload failure", soapCode: "Server" },
  9012: { text: "File transfer server authentication failure", soapCode: "Server" },
  9013: { text: "Unsupported protocol for file transfer", soapCode: "Server" },
  9021: { text: "Cancelation not permitted in current transfer state", soapCode: "Server" },
} as const;
/** The fault codes a CPE may answer with here. */
export type CpeFaultCode = keyof typeof cpeFaults;

/** ACS fault codes with a meaning of their own to a CPE (TR-069a6 A.5.2). */
export const acsFaults = {
  methodNotSupported: 8000,
  invalidArguments: 8003,
  retryRequest: 8005,
  /** None of the CPE's CWMP versions suits the ACS. */
  versionIncompatible: 8006,
} as const;

/** `Client` or `Server` for any fault code, also codes this CPE never sends. */
export function soapCodeOf(code: number): "Client" | "Server" {
  if (isCpeFaultCode(code)) return cpeFaults[code].soapCode;
  return code === acsFaults.invalidArguments ? "Client" : "Server";
}

/** Whether `code` is one of {@link cpeFaults}. */
function isCpeFaultCode(code: number): code is CpeFaultCode {
  return Object.hasOwn(cpeFaults, code);
}

/** Longest detail of a fault text: it quotes what the ACS sent, which may be a megabyte, and goes to log and wire. */
const longestDetail = 512;

function shortened(text: string): string {
  return text.length > longestDetail ? `${text.slice(0, longestDetail)}…` : text;
}

/** An RPC that is answered with a fault. The text reaches the operator of the ACS verbatim. */
export class CwmpFault extends ProxierError {
  override readonly name = "CwmpFault";
  readonly faultCode: CpeFaultCode;
  /** SetParameterValuesFault entries; only with 9003. */
  readonly parameters: readonly AssignmentFault[];

  constructor(
    faultCode: CpeFaultCode,
    detail?: string,
    options: { readonly parameters?: readonly AssignmentFault[]; readonly cause?: unknown } = {},
  ) {
    const meaning = cpeFaults[faultCode].text;
    super(detail === undefined ? meaning : `${meaning}: ${shortened(detail)}`, {
      code: `cwmp.fault-${faultCode}`,
      cause: options.cause,
    });
    this.faultCode = faultCode;
    this.parameters = options.parameters ?? [];
  }
}

/**
 * The fault for anything thrown while an RPC was handled. Total: what is no {@link CwmpFault} becomes 9002 naming
 * `errorId`, under which the caller logs the cause.
 */
export function toFault(error: unknown, errorId: string): CwmpFault {
  if (error instanceof CwmpFault) return error;
  const what = error instanceof ProxierError ? `${error.code}, ` : "";
  return new CwmpFault(9002, `${what}error ${errorId}`, { cause: error });
}

/** The one 9003 that lists what is wrong with each parameter of a SetParameterValues. */
export function assignmentsRefused(faults: readonly AssignmentFault[]): CwmpFault {
  const parameters = faults.map((fault) => ({ ...fault, path: shortened(fault.path) }));
  return new CwmpFault(9003, summary(faults), { parameters });
}

/** A fault from the code a device gave; codes that are none of ours become 9002. */
export function faultFromCode(code: number, text: string): CwmpFault {
  if (isCpeFaultCode(code)) return new CwmpFault(code, text);
  return new CwmpFault(9002, errorText(text));
}

function summary(faults: readonly AssignmentFault[]): string {
  const [first] = faults;
  if (first === undefined) return "no parameter was changed";
  const rest = faults.length > 1 ? ` and ${faults.length - 1} more` : "";
  return `${first.path} ${first.text}${rest}`;
}
