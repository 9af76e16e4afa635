import { once } from "node:events";
import { type IncomingMessage, type Server, type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { snmpSyntax } from "../../src/southbound/driver.ts";
import { type CommunityMessage, pduType } from "../../src/southbound/snmp/message.ts";
import { type ScriptedAgent, refuse, respond, startScriptedAgent } from "../snmp/scripted-agent.ts";

/** Settings of the printer: two of its agent, two of its pages. */
export interface PrinterSettings {
  location: string;
  contact: string;
  dns: string;
  mail: string;
}

/**
 * What goes wrong at one request. `refuse`, `busy`: a clear no. `lostBefore`, `lostAfter`: no answer, and the change not
 * made, or made all the same. `cutBefore`, `cutAfter`: the connection breaks (over UDP: as `lost…`). `bent`: another value
 * is stored. `silent`: nothing is answered from then on, until somebody switches it on again.
 */
export type Fault =
  | "refuse"
  | "busy"
  | "lostBefore"
  | "lostAfter"
  | "cutBefore"
  | "cutAfter"
  | "bent"
  | "silentBefore"
  | "silentAfter";

const oids: Readonly<Record<string, keyof PrinterSettings>> = {
  "1.3.6.1.2.1.1.6.0": "location",
  "1.3.6.1.2.1.1.4.0": "contact",
};
const fields: Readonly<Record<string, { field: string; setting: keyof PrinterSettings }>> = {
  "/dns": { field: "primary", setting: "dns" },
  "/mail": { field: "server", setting: "mail" },
};
const genErr = 5;
const tooBig = 1;
const resourceUnavailable = 13;

const recording = [
  "1.3.6.1.2.1.1.1.0|4|Acme Laser 500",
  "1.3.6.1.2.1.1.3.0|67|8640000",
  "1.3.6.1.2.1.1.4.0|4|-",
  "1.3.6.1.2.1.1.5.0|4|printer",
  "1.3.6.1.2.1.1.6.0|4|-",
  "1.3.6.1.2.1.2.2.1.6.1|4x|0017c8000001",
  "1.3.6.1.2.1.43.5.1.1.17.1|4|A1",
].join("\n");

/** A printer with an agent and a web server on 127.0.0.1 that goes wrong at the request it is told to. */
export class FaultyPrinter {
  readonly settings: PrinterSettings = { location: "", contact: "", dns: "", mail: "" };
  /** Another firmware puts the settings elsewhere on their pages. */
  hasNewLayout = false;
  /** Switched off, or on again. */
  isOn = true;
  /** The agent takes one assignment a SET only. */
  takesSingles = false;
  /** Called at each request, before anything is done and after; may end whoever is asking. */
  onRequest: (number: number, moment: "before" | "after") => void = () => undefined;
  readonly #server: Server;
  #agent: ScriptedAgent | undefined;
  /** Requests since the last `arm`. */
  #count = 0;
  #faults: ReadonlyMap<number, Fault> = new Map();

  constructor() {
    this.#server = createServer((request, response) => {
      this.#answerPage(request, response).catch((error: unknown) => {
        response.destroy(error instanceof Error ? error : undefined);
      });
    });
  }

  async start(): Promise<void> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    this.#agent = await startScriptedAgent(recording, (request, normal) =>
      this.#answerAgent(request, normal),
    );
  }

  stop(): void {
    this.#agent?.close();
    this.#server.closeAllConnections();
    this.#server.close();
  }

  get snmpPort(): number {
    return this.#agent?.port ?? 0;
  }

  get ewsPort(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Requests answered, or not, since the last `arm`. */
  get count(): number {
    return this.#count;
  }

  /** Counts from here on; faults by the number of their request, from 1. */
  arm(faults: Readonly<Record<number, Fault>> = {}): void {
    this.#count = 0;
    this.#faults = new Map(Object.entries(faults).map(([at, fault]) => [Number(at), fault]));
    this.isOn = true;
  }

  /** The fault of this request, if it is its turn. */
  #next(): Fault | undefined {
    this.#count++;
    this.onRequest(this.#count, "before");
    return this.#faults.get(this.#count);
  }

  #answerAgent(request: CommunityMessage, normal: CommunityMessage): CommunityMessage | undefined {
    if (!this.isOn) return undefined;
    const fault = this.#next();
    const answer = this.#obey(request, normal, fault);
    this.onRequest(this.#count, "after");
    if (fault === "silentBefore" || fault === "silentAfter") this.isOn = false;
    return isMute(fault) ? undefined : answer;
  }

  #obey(
    request: CommunityMessage,
    normal: CommunityMessage,
    fault: Fault | undefined,
  ): CommunityMessage {
    const { pdu } = request;
    if (pdu.type !== pduType.set) return this.#withSettings(normal);
    if (fault === "refuse") return refuse(request, genErr, 1);
    if (fault === "busy") return refuse(request, resourceUnavailable, 1);
    if (this.takesSingles && pdu.varbinds.length > 1) return refuse(request, tooBig, 0);
    if (isBefore(fault)) return normal;
    for (const { oid, value } of pdu.varbinds) {
      const setting = oids[oid];
      const text = Buffer.from(value.value as Uint8Array).toString();
      if (setting !== undefined) this.settings[setting] = fault === "bent" ? `${text}~` : text;
    }
    return respond(request, pdu.varbinds);
  }

  #withSettings(normal: CommunityMessage): CommunityMessage {
    const { pdu } = normal;
    if (pdu.type !== pduType.response) return normal;
    const varbinds = pdu.varbinds.map((varbind) => {
      const setting = oids[varbind.oid];
      if (setting === undefined) return varbind;
      const value = Buffer.from(this.settings[setting]);
      return { ...varbind, value: { syntax: snmpSyntax.octetString, value } };
    });
    return { ...normal, pdu: { ...pdu, varbinds } };
  }

  async #answerPage(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request);
    if (!this.isOn) return;
    const fault = this.#next();
    const page = fields[request.url ?? ""];
    const answer = this.#page(request.method ?? "", page, body, fault);
    this.onRequest(this.#count, "after");
    if (fault === "silentBefore" || fault === "silentAfter") this.isOn = false;
    if (fault === "cutBefore" || fault === "cutAfter") request.socket.destroy();
    else if (!isMute(fault))
      response.writeHead(answer.status, { "content-type": "text/html" }).end(answer.text);
  }

  #page(
    method: string,
    page: (typeof fields)[string] | undefined,
    body: string,
    fault: Fault | undefined,
  ): { readonly status: number; readonly text: string } {
    if (page === undefined) return about;
    const { field, setting } = page;
    if (fault === "busy" && method === "GET") return { status: 503, text: "busy" };
    if (fault === "busy") return { status: 200, text: "Somebody else is here" };
    if (fault === "refuse") return { status: 200, text: "<p>Invalid</p>" };
    if (method === "GET") return { status: 200, text: this.#form(field, this.settings[setting]) };
    const value = new URLSearchParams(body).get(field) ?? "";
    if (!isBefore(fault)) this.settings[setting] = fault === "bent" ? `${value}~` : value;
    return { status: 200, text: "<p>Saved</p>" };
  }

  #form(field: string, value: string): string {
    const inputs = `<input name="${field}" value="${value}"><input type="submit" name="ok" value="OK">`;
    const rest = this.hasNewLayout ? `<div class="new">${inputs}</div>` : inputs;
    return `<html><body><form method="post">${rest}</form></body></html>`;
  }
}

function isMute(fault: Fault | undefined): boolean {
  return fault !== undefined && !["refuse", "busy", "bent"].includes(fault);
}

function isBefore(fault: Fault | undefined): boolean {
  return fault === "lostBefore" || fault === "cutBefore" || fault === "silentBefore";
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

const about = {
  status: 200,
  text: '<html><body><p id="serial">A1</p></body></html>',
};
