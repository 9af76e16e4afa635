import { ProxierError } from "../../shared/errors.ts";

/** Why a request to the ACS came to nothing. */
export class CpeRequestError extends ProxierError {
  override readonly name = "CpeRequestError";

  constructor(
    message: string,
    code:
      | "cwmp.request-refused"
      | "cwmp.request-unsupported"
      | "cwmp.too-many-requests"
      | "cwmp.invalid-argument",
  ) {
    super(message, { code });
  }
}

/** Checks the length of an argument (CWMP XSD). @throws {CpeRequestError} `cwmp.invalid-argument` */
export function refuseLong(what: string, text: string, most: number): void {
  if (text.length <= most) return;
  throw new CpeRequestError(`${what} is longer than ${most} characters`, "cwmp.invalid-argument");
}
