import { SouthboundError } from "../errors.ts";

/** Bytes that are not the IPP message they should be (`ipp.malformed`); asking the same again gives the same. */
export class IppDecodeError extends SouthboundError {
  override readonly name = "IppDecodeError";

  constructor(message: string) {
    super(message, { code: "ipp.malformed" });
  }
}

/** A message that cannot be put into bytes (`ipp.unencodable`): a mistake of the caller. */
export class IppEncodeError extends SouthboundError {
  override readonly name = "IppEncodeError";

  constructor(message: string) {
    super(message, { code: "ipp.unencodable" });
  }
}
