/** What a {@link Browser} got. */
export interface Page {
  readonly status: number;
  readonly body: string;
  /** Where redirects would lead. */
  readonly location: string;
}

/** Another way of asking than a GET. */
export interface Ask {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** A form, or a body as it is. */
  readonly form?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A browser reduced to cookies, for tests of simulated pages that are not to use the driver. */
export class Browser {
  readonly #url: string;
  readonly cookies = new Map<string, string>();

  constructor(url: string) {
    this.#url = url;
  }

  /** Asks for a path; redirects are not followed. */
  async ask(path: string, { method, headers, form, body }: Ask = {}): Promise<Page> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const answer = await fetch(this.#url + path, {
      method: method ?? (form === undefined && body === undefined ? "GET" : "POST"),
      redirect: "manual",
      headers: { ...(cookie === "" ? {} : { Cookie: cookie }), ...headers },
      ...(form === undefined ? {} : { body: new URLSearchParams(form) }),
      ...(body === undefined ? {} : { body }),
    });
    for (const line of answer.headers.getSetCookie()) this.#take(line);
    const location = answer.headers.get("location") ?? "";
    return { status: answer.status, body: await answer.text(), location };
  }

  #take(line: string): void {
    const [name = "", value = ""] = (line.split(";")[0] ?? "").split("=");
    if (value === "") this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}

/** The fields of the last form of a page, as a browser would send them. */
export function fieldsOf(body: string): Record<string, string> {
  const form = body.slice(body.lastIndexOf("<form"));
  const fields: Record<string, string> = {};
  for (const [tag] of form.matchAll(/<input[^>]*>/g)) {
    const name = /\bname="([^"]*)"/.exec(tag)?.[1];
    const isOff = tag.includes('type="checkbox"') && !tag.includes("checked");
    if (name !== undefined && !isOff) fields[name] = /\bvalue="([^"]*)"/.exec(tag)?.[1] ?? "";
  }
  for (const [, name = "", options = ""] of form.matchAll(
    /<select[^>]*\bname="([^"]*)">(.*?)<\/select>/g,
  ))
    fields[name] = /value="([^"]*)" selected/.exec(options)?.[1] ?? "";
  return fields;
}

/** The name of the control that `label` names. */
export function controlOf(body: string, label: string): string {
  return new RegExp(`<label for="([^"]*)">${label}</label>`).exec(body)?.[1] ?? "";
}
