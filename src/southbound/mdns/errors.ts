import { SouthboundError } from "../errors.ts";

/** Bytes or a record that are no TXT record (`mdns.malformed`). */
export class MdnsDecodeError extends SouthboundError {
  override readonly name = "MdnsDecodeError";

  constructor(message: string) {
    super(message, { code: "mdns.malformed" });
  }
}
