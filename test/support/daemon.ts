import { Command, type CommandOptions, type CommandResult } from "./command.ts";
import { waitUntil } from "./wait-until.ts";

/** One line of the daemon's log. */
export interface LogLine {
  readonly level: string;
  readonly facility: string;
  readonly msg: string;
  readonly [field: string]: unknown;
}

/** `mfpgate run` as a process of its own, with JSON log. */
export class Daemon {
  readonly command: Command;
  readonly #token: string;
  #apiUrl = "";

  /** Starts the process; see {@link runs}. */
  constructor(configFile: string, token: string, options: CommandOptions = {}) {
    this.command = new Command(["run", "--config", configFile], options);
    this.#token = token;
  }

  /** Resolves when the service runs. @throws with its standard error when it ends before */
  async runs(): Promise<void> {
    const line = await waitUntil("the service runs", () => {
      if (this.command.hasEnded) throw new Error(`the service ended: ${this.command.stderr}`);
      return this.logged("service runs");
    });
    this.#apiUrl = String(line["api"]);
  }

  get apiUrl(): string {
    return this.#apiUrl;
  }

  /** Complete lines of the log so far. */
  get log(): readonly LogLine[] {
    const lines = this.command.stderr.split("\n").slice(0, -1);
    return lines.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line) as LogLine);
  }

  /** The first line with this message whose fields are as given. */
  logged(msg: string, fields: Readonly<Record<string, unknown>> = {}): LogLine | undefined {
    return this.log.find(
      (line) =>
        line.msg === msg && Object.entries(fields).every(([name, value]) => line[name] === value),
    );
  }

  /** `GET` of the local API with its token; the body as JSON. */
  async get(path: string): Promise<unknown> {
    const headers = { Authorization: `Bearer ${this.#token}` };
    return (await fetch(this.#apiUrl + path, { headers })).json();
  }

  /** `POST`, with a body of JSON when there is one. */
  async post(path: string, body?: unknown): Promise<unknown> {
    const headers = { Authorization: `Bearer ${this.#token}` };
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    return (await fetch(this.#apiUrl + path, { method: "POST", headers, ...sent })).json();
  }

  /** Value of a metric with exactly these labels; 0 while it is not there. */
  async metric(name: string, labels = ""): Promise<number> {
    const text = await (await fetch(`${this.#apiUrl}/metrics`)).text();
    const start = labels === "" ? `${name} ` : `${name}{${labels}} `;
    const line = text.split("\n").find((candidate) => candidate.startsWith(start));
    return Number(line?.slice(start.length) ?? 0);
  }

  /** Power cut. */
  kill(): Promise<CommandResult> {
    return this.command.end("SIGKILL");
  }

  /** Orderly end. */
  stop(): Promise<CommandResult> {
    return this.command.end("SIGTERM");
  }
}
