import { SouthboundError } from "../errors.ts";

/** Text that is no PJL answer (`pjl.malformed`): too long, or nothing in it. */
export class PjlDecodeError extends SouthboundError {
  override readonly name = "PjlDecodeError";

  constructor(message: string) {
    super(message, { code: "pjl.malformed" });
  }
}
