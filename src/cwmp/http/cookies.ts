import { isIP } from "node:net";

interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly domain: string;
  /** Sent to this host only, not to hosts below it. */
  readonly isHostOnly: boolean;
  readonly path: string;
  readonly isSecure: boolean;
  /** Epoch milliseconds; undefined lives as long as the session. */
  readonly expiresAtMs: number | undefined;
}

const mostCookies = 32;
const longestCookie = 4_096;

/**
 * The cookies of one CWMP session; make a new one per session.
 *
 * Deviates from RFC 6265 §5.1.4 on purpose: a cookie without Path belongs to the whole host. ACSs set their session
 * cookie on the InformResponse and expect it on any later URL of theirs (GenieACS issues 79, 82, 385).
 * @see TR-069a6 §3.4.2 (use of cookies)
 */
export class CookieJar {
  readonly #cookies = new Map<string, Cookie>();

  /** Takes the `Set-Cookie` lines of one response; malformed, foreign and oversized ones are ignored. */
  store(lines: readonly string[], url: URL, nowMs: number): void {
    for (const line of lines.slice(0, mostCookies)) {
      const cookie = line.length > longestCookie ? undefined : parseCookie(line, url, nowMs);
      if (cookie === undefined) continue;
      const key = `${cookie.name}\n${cookie.domain}\n${cookie.path}`;
      if (isExpired(cookie, nowMs)) this.#cookies.delete(key);
      else if (this.#cookies.has(key) || this.#cookies.size < mostCookies) {
        this.#cookies.set(key, cookie);
      }
    }
  }

  /** The `Cookie` header for a request to `url`, longest path first, or undefined. */
  header(url: URL, nowMs: number): string | undefined {
    if (this.#cookies.size === 0) return undefined;
    const fitting = [...this.#cookies.values()].filter((cookie) => fits(cookie, url, nowMs));
    if (fitting.length === 0) return undefined;
    fitting.sort((a, b) => b.path.length - a.path.length);
    return fitting.map((cookie) => `${cookie.name}=${cookie.value}`).join("; ");
  }
}

function parseCookie(line: string, url: URL, nowMs: number): Cookie | undefined {
  const [pair = "", ...rest] = line.split(";");
  const equals = pair.indexOf("=");
  const name = pair.slice(0, Math.max(0, equals)).trim();
  const value = pair.slice(equals + 1).trim();
  if (name === "" || !isSafe(name) || !isSafe(value)) return undefined;
  const attributes = attributesOf(rest);
  const domain = domainOf(attributes.get("domain"), url.hostname.toLowerCase());
  const isSecure = attributes.has("secure");
  if (domain === undefined || (isSecure && url.protocol !== "https:")) return undefined;
  const path = attributes.get("path") ?? "";
  return {
    name,
    value,
    ...domain,
    path: path.startsWith("/") ? path : "/",
    isSecure,
    expiresAtMs: expiryOf(attributes, nowMs),
  };
}

function attributesOf(parts: readonly string[]): ReadonlyMap<string, string> {
  const attributes = new Map<string, string>();
  for (const part of parts) {
    const [name = "", ...value] = part.split("=");
    attributes.set(name.trim().toLowerCase(), value.join("=").trim());
  }
  return attributes;
}

/** The cookie's reach; undefined when a host tries to set a cookie for somebody else (RFC 6265 §5.3 step 6). */
function domainOf(
  attribute: string | undefined,
  host: string,
): { domain: string; isHostOnly: boolean } | undefined {
  const wanted = (attribute ?? "").replace(/^\./, "").toLowerCase();
  if (wanted === "" || (wanted === host && isIP(host) !== 0)) {
    return { domain: host, isHostOnly: true };
  }
  // A single label other than the host itself would be a whole top-level domain.
  const isParent = host.endsWith(`.${wanted}`) && wanted.includes(".") && isIP(host) === 0;
  return wanted === host || isParent ? { domain: wanted, isHostOnly: false } : undefined;
}

/** Max-Age wins over Expires (RFC 6265 §5.3 step 3); an unreadable date means a session cookie. */
function expiryOf(attributes: ReadonlyMap<string, string>, nowMs: number): number | undefined {
  const maxAge = attributes.get("max-age");
  if (maxAge !== undefined && /^-?\d{1,10}$/.test(maxAge)) return nowMs + Number(maxAge) * 1_000;
  const expires = Date.parse(attributes.get("expires") ?? "");
  return Number.isNaN(expires) ? undefined : expires;
}

function fits(cookie: Cookie, url: URL, nowMs: number): boolean {
  const host = url.hostname.toLowerCase();
  const isHost =
    host === cookie.domain || (!cookie.isHostOnly && host.endsWith(`.${cookie.domain}`));
  const isChannel = !cookie.isSecure || url.protocol === "https:";
  return (
    isHost && isChannel && isPathWithin(url.pathname, cookie.path) && !isExpired(cookie, nowMs)
  );
}

/** RFC 6265 §5.1.4 path-match. */
function isPathWithin(path: string, cookiePath: string): boolean {
  if (path === cookiePath) return true;
  if (!path.startsWith(cookiePath)) return false;
  return cookiePath.endsWith("/") || path.charAt(cookiePath.length) === "/";
}

function isExpired(cookie: Cookie, nowMs: number): boolean {
  return cookie.expiresAtMs !== undefined && cookie.expiresAtMs <= nowMs;
}

function isSafe(text: string): boolean {
  // eslint-disable-next-line no-control-regex -- control characters are exactly what is looked for
  return !/[\u0000-\u001f\u007f;]/.test(text);
}
