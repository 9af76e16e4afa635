import type { XmlElement } from "../../../cwmp/soap/xml-reader.ts";
import { escapeXml } from "../../../cwmp/soap/xml-text.ts";
import {
  type DocumentFields,
  changesOf,
  formatXmlTree,
  readXml,
  readXmlLeaves,
  settingsTree,
} from "../data-tree.ts";
import type { EwsEngine } from "../engine.ts";
import type { EwsSite, EwsStyle } from "../ews-site.ts";
import type { EwsSessions, PasswordGate } from "../sessions.ts";
import {
  type EwsAnswer,
  type EwsRequest,
  type EwsRoutes,
  document,
  html,
  plain,
} from "../web-message.ts";

/** Where settings stand in the model. The host name is documented, the rest simulated after it. */
const model: DocumentFields = {
  "MFP/DeviceName": "General.PrinterName",
  "Network/Protocols/TCP-IP/hostName": "General.PrinterName",
  "MFP/Location": "General.SystemLocation",
  "Network/Protocols/LPD/enable": "Network.LPD.Enable",
  "Network/Protocols/RawTCP/enable": "Network.RawPort.Enable",
  "Network/Protocols/FTP/enable": "Network.FTP.Enable",
  "Network/SMTP/serverAddress": "Network.SMTP.ServerAddress",
  "Network/SNTP/primaryServer": "Network.Time.NTPServer1",
  "Network/SNMP/readCommunity": "Network.SNMP.ReadCommunity",
  "Network/SNMP/enableV1V2": "Network.SNMP.V1V2cEnable",
  "Notification/Email1/address": "Settings.EmailAlert.Recipient.1.Address",
  "Printer/PCL/fontNumber": "Settings.PCL.FontNumber",
  "Printer/PS/errorPrint": "Settings.PS.PrintErrorPage",
};
/** What is told without a login; documented. */
const facts: Readonly<Record<string, string>> = {
  "MFP/ModelName": "TOSHIBA e-STUDIO SIM",
  "Controller/Information/MFPSerialNumber": "CSIM00001",
};

/**
 * Toshiba's TopAccess: one door, `POST /contentwebserver`, text/plain holding XML; the value of cookie `Session` is
 * repeated in header `csrfpId`. A read of anything unknown fails as a whole with 404. Envelope, login and logout documented.
 */
export const toshibaStyle: EwsStyle = (engine) => new ToshibaSite(engine);

class ToshibaSite implements EwsSite {
  readonly routes: EwsRoutes;
  readonly #engine: EwsEngine;
  readonly #visits: EwsSessions;
  readonly #admins: EwsSessions;
  readonly #gate: PasswordGate;

  constructor(engine: EwsEngine) {
    this.#engine = engine;
    this.#visits = this.#engine.sessions();
    this.#admins = this.#engine.sessions({ limit: 1 });
    this.#gate = this.#engine.passwordGate();
    this.routes = new Map([
      ["GET /", (request: EwsRequest) => this.#start(request)],
      ["POST /contentwebserver", (request: EwsRequest) => this.#serve(request)],
    ]);
  }

  #start(request: EwsRequest): EwsAnswer {
    const known = request.cookies.get("Session");
    const id = this.#visits.isOpen(known) ? known : this.#visits.open();
    const page = `<title>TopAccess</title><script>csrfInsert("csrfpId","${id ?? ""}");</script>`;
    return html(page, { "Set-Cookie": `Session=${id ?? ""}; Path=/` });
  }

  #serve(request: EwsRequest): EwsAnswer {
    const session = request.cookies.get("Session") ?? "";
    const isPlain = request.headers["content-type"]?.startsWith("text/plain") === true;
    const hasToken = request.headers["csrfpid"] === session && this.#visits.isOpen(session);
    if (!isPlain || !hasToken) return plain(403, "Forbidden");
    const root = readXml(request.body);
    const [action] = root?.children ?? [];
    if (root === undefined || action === undefined) return plain(400, "Bad Request");
    const command = root.children.find(({ name }) => name === "Command");
    if (command !== undefined) return this.#command(command, root, session);
    if (action.name === "GetValue") return this.#get(action);
    return action.name === "SetValue" ? this.#set(request, session) : plain(400, "Bad Request");
  }

  #get(action: XmlElement): EwsAnswer {
    const wanted = leafPaths(action.children, "");
    const [only = ""] = wanted;
    const fact = wanted.length === 1 ? facts[only] : undefined;
    if (fact !== undefined) return answer(`<GetValue>${nested(only, fact)}</GetValue>`);
    const fields = Object.entries(model).filter(([path]) => wanted.includes(path));
    if (fields.length < wanted.length) return plain(404, "Not Found");
    const tree = settingsTree(this.#engine, Object.fromEntries(fields));
    return answer(`<GetValue>${formatXmlTree(tree)}</GetValue>`);
  }

  #set(request: EwsRequest, session: string): EwsAnswer {
    if (!this.#admins.isOpen(session)) return status("SetValue", "NOT_AUTHENTICATED");
    const leaves = [...(readXmlLeaves(request.body) ?? [])].map(
      ([path, text]) => [path.slice("SetValue/".length), text] as const,
    );
    const changes = changesOf(this.#engine, model, new Map(leaves));
    if (changes === undefined) return plain(404, "Not Found");
    const { outcome } = this.#engine.apply(changes, request);
    if (outcome === "busy") return status("SetValue", "DEVICE_BUSY");
    return status("SetValue", outcome === "done" ? "STATUS_OK" : "INVALID_VALUE");
  }

  /** The credential is set in the same document as the command to look at it. */
  #command(command: XmlElement, root: XmlElement, session: string): EwsAnswer {
    const leaves = new Map(textLeaves(root));
    if (command.children[0]?.name === "Logout") {
      this.#admins.close(session);
      return status("Logout", "STATUS_OK");
    }
    const isRight =
      leaves.get("commandNode") === "Authentication/UserCredential" &&
      leaves.get("userName") === this.#engine.credential.username &&
      this.#gate.try(leaves.get("passwd")) === "accepted";
    if (!isRight) return status("Login", "AUTHENTICATION_FAILED");
    return status(
      "Login",
      this.#admins.open(session) === undefined ? "ALREADY_ASSIGNED" : "STATUS_OK",
    );
  }
}

function leafPaths(elements: readonly XmlElement[], above: string): string[] {
  return elements.flatMap(({ name, children }) => {
    const path = above + name;
    return children.length === 0 ? [path] : leafPaths(children, `${path}/`);
  });
}

/** Texts below an element by their own name alone. */
function textLeaves({ name, text, children }: XmlElement): (readonly [string, string])[] {
  return children.length === 0 ? [[name, text]] : children.flatMap(textLeaves);
}

function nested(path: string, text: string): string {
  const names = path.split("/");
  const open = names.map((name) => `<${name}>`).join("");
  return `${open}${text}${names
    .toReversed()
    .map((name) => `</${name}>`)
    .join("")}`;
}

function answer(content: string): EwsAnswer {
  return document(
    "text/xml; charset=UTF-8",
    `<DeviceInformationModel>${content}</DeviceInformationModel>`,
  );
}

function status(action: string, outcome: string): EwsAnswer {
  return answer(
    `<${action}><statusOfOperation>${escapeXml(outcome)}</statusOfOperation></${action}>`,
  );
}
