/** `local@domain` and resource of a Jabber ID (RFC 7622). Local part and domain do not heed case, the resource does. */
interface JabberId {
  readonly bare: string;
  /** Empty: a bare Jabber ID. */
  readonly resource: string;
}

/**
 * Whether a stanza from `sender` may ask for a session: an entry without resource stands for any resource, and an empty
 * list for everybody.
 * @see TR-181i2 ManagementServer.ConnReqAllowedJabberIDs
 */
export function isAllowedSender(sender: string, allowed: readonly string[]): boolean {
  if (allowed.length === 0) return true;
  const from = parseJabberId(sender);
  return allowed.map(parseJabberId).some(({ bare, resource }) => {
    return bare === from.bare && (resource === "" || resource === from.resource);
  });
}

function parseJabberId(text: string): JabberId {
  const slash = text.indexOf("/");
  const bare = slash === -1 ? text : text.slice(0, slash);
  return { bare: bare.toLowerCase(), resource: slash === -1 ? "" : text.slice(slash + 1) };
}
