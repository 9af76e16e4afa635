import type { Complaint } from "./explain-issue.ts";
import { visitKnown } from "./schema-tree.ts";

/** The redactor leaves shorter secrets alone, they would blank out ordinary words. */
const shortestHiddenSecret = 4;

/** What a file says that is valid but will not do what its author may expect. */
export function findWarnings(value: unknown): readonly Complaint[] {
  const warnings: Complaint[] = [];
  visitKnown(value, (path, part, node) => {
    const warn = (text: string): void => {
      warnings.push({ path, text });
    };
    if (node.notYet === true && !isOff(part))
      warn("has no effect in this version; it is kept for a later one");
    // An empty one is no secret: that password was never set.
    if (node.secret === true && isShort(part))
      warn("is so short that it cannot be kept out of the log; choose a longer one");
    if (path.join(".") === "acs.tls.insecure" && part === true)
      warn("accepts any certificate; anyone between here and the ACS can manage the printers");
    if (path.join(".") === "connectionRequest.xmpp.tls.insecure" && part === true)
      warn("accepts any certificate; anyone on the way learns the XMPP password");
  });
  return warnings;
}

function isShort(value: unknown): boolean {
  return typeof value === "string" && value !== "" && value.length < shortestHiddenSecret;
}

/** Asking for nothing gets nothing: no reason to warn. */
function isOff(value: unknown): boolean {
  return value === false || (Array.isArray(value) && value.length === 0);
}
