/** The only file that touches tough-cookie. */

import { Cookie, CookieJar } from "tough-cookie";

/** No printer's session comes near; what sets more is broken or hostile. */
const mostCookies = 50;
const longestCookie = 4_096;

/** The cookies of one conversation with one printer; capped, and never written anywhere. */
export class PrinterCookies {
  readonly #jar = new CookieJar(undefined, {
    // Printers are addresses and names of a LAN, not of the public suffix list.
    rejectPublicSuffixes: false,
    allowSpecialUseDomain: true,
    looseMode: true,
  });

  /** Name and path of every cookie taken; those that expired count too, so that nobody fills the jar by turns. */
  readonly #known = new Set<string>();

  /** Takes the `Set-Cookie` lines of one answer; foreign, malformed, oversized and supernumerary ones are left out. */
  store(lines: readonly string[], url: URL): void {
    for (const line of lines.slice(0, mostCookies)) {
      const cookie = isSendable(line) ? Cookie.parse(line, { loose: true }) : undefined;
      if (cookie === undefined) continue;
      const key = `${cookie.key}\n${cookie.path ?? ""}`;
      if (this.#known.size >= mostCookies && !this.#known.has(key)) continue;
      this.#known.add(key);
      this.#jar.setCookieSync(cookie, url.href, { ignoreError: true });
    }
  }

  /** Sets a cookie as if the server had. */
  set(name: string, value: string, url: URL): void {
    this.#jar.setCookieSync(`${name}=${value}; Path=/`, url.href, { ignoreError: true });
  }

  /** The value of the cookie `name`: the one sent to `url`, else one of another path of the printer. */
  value(name: string, url: URL): string | undefined {
    const isMeant = (cookie: Cookie): boolean => cookie.key === name;
    const anywhere = (): Cookie[] => this.#jar.getCookiesSync(url.href, { allPaths: true });
    return (this.#jar.getCookiesSync(url.href).find(isMeant) ?? anywhere().find(isMeant))?.value;
  }

  /** The `Cookie` header for `url`; `more` replaces and adds by name, for this request only. */
  header(url: URL, more: Readonly<Record<string, string>> = {}): string | undefined {
    const pairs = new Map(this.#jar.getCookiesSync(url.href).map(({ key, value }) => [key, value]));
    for (const [name, value] of Object.entries(more)) pairs.set(name, value);
    if (pairs.size === 0) return undefined;
    return [...pairs].map(([name, value]) => `${name}=${value}`).join("; ");
  }
}

/** Whether the line is of sane length and can be sent back: control characters would split a request. */
function isSendable(line: string): boolean {
  if (line.length > longestCookie) return false;
  // eslint-disable-next-line no-control-regex -- control characters are exactly what is looked for
  return !/[\u0000-\u0008\u000a-\u001f\u007f]/.test(line);
}
