import { ProxierError } from "../../../shared/errors.ts";

/** Why there is no XMPP stream. */
export type XmppProblem =
  "unreachable" | "no-tls" | "untrusted" | "refused" | "malformed" | "flood" | "closed";

/** The XMPP connection of the box failed; always worth another attempt, as servers are mended. */
export class XmppError extends ProxierError {
  override readonly name = "XmppError";
  readonly problem: XmppProblem;

  constructor(message: string, problem: XmppProblem, cause?: unknown) {
    super(message, { code: `xmpp.${problem}`, retryable: true, cause });
    this.problem = problem;
  }
}
