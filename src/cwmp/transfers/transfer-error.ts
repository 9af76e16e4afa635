import { ProxierError } from "../../shared/errors.ts";

/** Fault codes a TransferComplete may carry, and what they mean (CWMP XSD TransferCompleteFaultStruct, TR-069a6 A.5.1). */
export const transferFaults = {
  9001: "Request denied",
  9002: "Internal error",
  9010: "File transfer failure",
  9011: "Upload failure",
  9012: "File transfer server authentication failure",
  9015: "File transfer failure: unable to contact file server",
  9016: "File transfer failure: unable to access file",
  9017: "File transfer failure: unable to complete download",
  9018: "File transfer failure: file corrupted",
  9019: "File transfer failure: file authentication failure",
  9020: "File transfer failure: unable to complete download within specified time windows",
} as const;
/** One of {@link transferFaults}. */
export type TransferFaultCode = keyof typeof transferFaults;

/** Longest FaultString (CWMP XSD). */
const longestText = 256;

/**
 * Why a transfer failed; code and text reach the ACS. `retryable` when another attempt may succeed without anybody
 * changing anything.
 */
export class TransferError extends ProxierError {
  override readonly name = "TransferError";
  readonly faultCode: TransferFaultCode;

  constructor(
    faultCode: TransferFaultCode,
    detail: string,
    options: { readonly retryable?: boolean; readonly cause?: unknown } = {},
  ) {
    super(`${transferFaults[faultCode]}: ${detail}`, {
      code: `transfer.fault-${faultCode}`,
      retryable: options.retryable ?? false,
      cause: options.cause,
    });
    this.faultCode = faultCode;
  }
}

/** What to tell the ACS of anything thrown by an attempt. Total: what is no {@link TransferError} becomes 9002. */
export function transferFault(error: unknown): {
  readonly faultCode: TransferFaultCode;
  readonly faultString: string;
  readonly isRetryable: boolean;
} {
  if (error instanceof TransferError) {
    const { faultCode, message, retryable } = error;
    return { faultCode, faultString: message.slice(0, longestText), isRetryable: retryable };
  }
  const what = error instanceof ProxierError ? `: ${error.code}` : "";
  return { faultCode: 9002, faultString: transferFaults[9002] + what, isRetryable: false };
}
