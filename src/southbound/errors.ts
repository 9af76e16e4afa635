import { ProxierError } from "../shared/errors.ts";

/** Root of everything a driver throws: the printer is silent, refuses, or answers nonsense. */
export class SouthboundError extends ProxierError {
  override readonly name: string = "SouthboundError";
}
