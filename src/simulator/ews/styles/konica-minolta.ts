import { type DocumentFields, formatXmlTree, settingsTree } from "../data-tree.ts";
import type { EwsEngine } from "../engine.ts";
import type { EwsSite, EwsStyle } from "../ews-site.ts";
import type { EwsSessions, OneTimeTokens, PasswordGate } from "../sessions.ts";
import { readForm, topics } from "../settings-page.ts";
import {
  type EwsAnswer,
  type EwsRequest,
  type EwsRoutes,
  html,
  readFormBody,
  xml,
} from "../web-message.ts";

const flags = { on: "On", off: "Off" } as const;
const browserCookies = ["vm", "uatype", "lang", "selno", "bm", "usr", "favmode"];
const lockout = { attempts: 3, forMs: 300_000 } as const;

/** A page of settings as XML; `func` is its setter. */
interface Section {
  readonly path: string;
  readonly func: string;
  readonly fields: DocumentFields;
  /** Names of the controls; after the place in the document where there are none. */
  readonly controls?: Readonly<Record<string, string>>;
}

/** Pages and controls of mail and TCP/IP are documented; elements, setters and the other pages follow their pattern. */
const sections: readonly Section[] = [
  {
    path: "/wcd/a_network_send.xml",
    func: "PSL_AN_ESM",
    fields: {
      "Network/Smtp/Enable": "Network.SMTP.Enable",
      "Network/Smtp/Server": "Network.SMTP.ServerAddress",
      "Network/Smtp/Port": "Network.SMTP.Port",
      "Network/Smtp/From": "Network.SMTP.SenderAddress",
      "Network/Smtp/Notification": "Settings.EmailAlert.Enable",
    },
    controls: {
      "Network.SMTP.Enable": "AN_ESM_SSE",
      "Network.SMTP.ServerAddress": "AN_ESM_SMP",
      "Network.SMTP.Port": "AN_ESM_POR",
      "Network.SMTP.SenderAddress": "AN_ESM_MAI",
      "Settings.EmailAlert.Enable": "AN_ESM_SNF",
    },
  },
  {
    path: "/wcd/a_network_tcpip.xml",
    func: "PSL_AN_TCP",
    fields: {
      "Network/TcpIp/Dns1": "Network.DNS.PrimaryServer",
      "Network/TcpIp/Dns2": "Network.DNS.SecondaryServer",
    },
    controls: {
      "Network.DNS.PrimaryServer": "AN_TCP_DNS1",
      "Network.DNS.SecondaryServer": "AN_TCP_DNS2",
    },
  },
  {
    path: "/wcd/a_network_print.xml",
    func: "PSL_AN_PRT",
    fields: {
      "Network/Raw/Enable": "Network.RawPort.Enable",
      "Network/Raw/Port": "Network.RawPort.Port",
      "Network/Lpd/Enable": "Network.LPD.Enable",
      "Network/Ftp/Enable": "Network.FTP.Enable",
    },
  },
  {
    path: "/wcd/a_system_time.xml",
    func: "PSL_AS_NTP",
    fields: {
      "System/Time/Source": "Network.Time.Source",
      "System/Time/NtpServer": "Network.Time.NTPServer1",
    },
  },
];

/**
 * Konica Minolta's PageScope Web Connection, classic: XML pages for browsers with a handful of cookies, one administrator
 * at a time, three wrong passwords lock for five minutes. Outcomes are told by the body. Login and logout documented,
 * the pages simulated.
 */
export const konicaMinoltaStyle: EwsStyle = (engine) => new KonicaMinoltaSite(engine);

class KonicaMinoltaSite implements EwsSite {
  readonly routes: EwsRoutes;
  readonly #engine: EwsEngine;
  readonly #visits: EwsSessions;
  readonly #admins: EwsSessions;
  readonly #tokens: OneTimeTokens;
  readonly #gate: PasswordGate;

  constructor(engine: EwsEngine) {
    this.#engine = engine;
    this.#visits = this.#engine.sessions();
    this.#admins = this.#engine.sessions({ limit: 1 });
    this.#tokens = this.#engine.oneTimeTokens();
    this.#gate = this.#engine.passwordGate(lockout);
    this.routes = new Map([
      ["GET /wcd/top.xml", (request: EwsRequest) => this.#top(request)],
      ["GET /wcd/index.html", (request: EwsRequest) => this.#top(request)],
      ["POST /wcd/login.cgi", (request: EwsRequest) => this.#login(request)],
      ["POST /wcd/a_user.cgi", (request: EwsRequest) => this.#set(request)],
      ...sections.map(
        (section) =>
          [`GET ${section.path}`, (request: EwsRequest) => this.#show(request, section)] as const,
      ),
    ]);
  }

  #sessionOf({ cookies }: EwsRequest): string | undefined {
    return cookies.get("ID");
  }

  #top(request: EwsRequest): EwsAnswer {
    const isKnown =
      this.#visits.isOpen(this.#sessionOf(request)) ||
      this.#admins.isOpen(this.#sessionOf(request));
    return xml(mfp("<Top/>"), isKnown ? {} : sessionCookie(this.#visits.open()));
  }

  #login(request: EwsRequest): EwsAnswer {
    const form = readFormBody(request);
    const isWhole = form.get("func") === "PSL_LP1_LOG" && form.get("R_ADM") === "AdminAdmin";
    if (!isWhole || !this.#visits.isOpen(this.#sessionOf(request)))
      return message("Err_1", "LoginError");
    const verdict = this.#gate.try(form.get("password"));
    if (verdict === "locked") return message("Err_2", "AdminLockedError");
    if (verdict === "refused") return message("Err_1", "LoginError");
    const id = this.#admins.open();
    if (id === undefined) return message("Err_3", "AdminActiveJobLoginError");
    return html(`<a href="a_system_counter.xml">OK</a>`, sessionCookie(id));
  }

  #show(request: EwsRequest, { fields }: Section): EwsAnswer {
    const isBrowser = browserCookies.every((name) => request.cookies.has(name));
    if (!isBrowser || !this.#admins.isOpen(this.#sessionOf(request)))
      return message("Err_4", "SessionError");
    const settings = formatXmlTree(settingsTree(this.#engine, fields, flags));
    return xml(mfp(`<Token>${this.#tokens.issue()}</Token>${settings}`));
  }

  #set(request: EwsRequest): EwsAnswer {
    const form = readFormBody(request);
    const func = form.get("func");
    if (!this.#admins.isOpen(this.#sessionOf(request))) return message("Err_4", "SessionError");
    if (func === "PSL_ACO_LGO") {
      this.#admins.close(this.#sessionOf(request));
      return message("Ok_0", "Logout");
    }
    const section = sections.find((candidate) => candidate.func === func);
    if (section === undefined || !this.#tokens.spend(form.get("h_token")))
      return message("Err_5", "TokenError");
    const { changes, missing } = readForm(this.#engine, formOf(section), form, {
      flagValues: flags,
    });
    const { outcome } = missing.length > 0 ? refused : this.#engine.apply(changes, request);
    if (outcome === "busy") return message("Err_6", "DeviceBusyError");
    return outcome === "done" ? message("Ok_1", "CompleteSetting") : message("Err_7", "InputError");
  }
}

const refused = { outcome: "refused" } as const;

/** The form that a page's style sheet makes of its XML: controls named after the leaves. */
function formOf({ path, fields, controls }: Section): Parameters<typeof readForm>[1] {
  const names = Object.entries(fields).map(
    ([place, setting]) => [setting, controls?.[setting] ?? place.replaceAll("/", "_")] as const,
  );
  return { path, title: topics.protocols, fields: Object.fromEntries(names) };
}

function mfp(content: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<MFP>${content}</MFP>`;
}

function message(code: string, text: string): EwsAnswer {
  return xml(mfp(`<Message><Item Code="${code}">${text}</Item></Message>`));
}

function sessionCookie(id: string | undefined): EwsAnswer["headers"] {
  return { "Set-Cookie": `ID=${id ?? ""}; Path=/` };
}
