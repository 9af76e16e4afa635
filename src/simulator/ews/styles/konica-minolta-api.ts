import { isRecord } from "../../../shared/json.ts";
import {
  type DocumentFields,
  changesOf,
  jsonOfTree,
  parseJson,
  settingsTree,
} from "../data-tree.ts";
import type { EwsEngine } from "../engine.ts";
import type { EwsSite, EwsStyle } from "../ews-site.ts";
import type { EwsSessions, OneTimeTokens, PasswordGate } from "../sessions.ts";
import {
  type EwsAnswer,
  type EwsRequest,
  type EwsRoutes,
  html,
  json,
  plain,
  readFormBody,
} from "../web-message.ts";

/** Members of the configuration; the call is documented, its members are simulated. */
const configuration: DocumentFields = {
  "SystemSetting/DeviceName": "General.PrinterName",
  "SystemSetting/Location": "General.SystemLocation",
  "NetworkSetting/SNMP/V1V2c": "Network.SNMP.V1V2cEnable",
  "NetworkSetting/RAW/Enable": "Network.RawPort.Enable",
  "NetworkSetting/LPD/Enable": "Network.LPD.Enable",
  "NetworkSetting/FTP/Enable": "Network.FTP.Enable",
  "NetworkSetting/HTTP/SSLOnly": "Network.HTTP.HTTPSOnly",
  "TimeSetting/NTP/Server": "Network.Time.NTPServer1",
  "PrinterSetting/PCL/Font": "Settings.PCL.FontNumber",
  "PrinterSetting/PS/ErrorPrint": "Settings.PS.PrintErrorPage",
};

const lockout = { attempts: 3, forMs: 300_000 } as const;

/** The one setter there is; its fields are called after the places of their settings, with underscores. */
const setter = "PSL_A_CUSTOM";

/**
 * Konica Minolta's i-Series: pages are put together from JSON of `/wcd/api/AppReq…`; the answer to each post holds the `Token`
 * for the next; `MFP.Result.ResultInfo` is Ack or Nack, always with status 200. Counters need no login and give the first
 * token; an empty body is 411. Logins and logouts are those of the classic pages. All that is documented; the members of
 * the configuration and the setter are simulated.
 */
export const konicaMinoltaApiStyle: EwsStyle = (engine) => new KonicaMinoltaApiSite(engine);

class KonicaMinoltaApiSite implements EwsSite {
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
      ["GET /wcd/index.html", (request: EwsRequest) => this.#index(request)],
      ["POST /wcd/login.cgi", (request: EwsRequest) => this.#login(request)],
      ["POST /wcd/a_user.cgi", (request: EwsRequest) => this.#logout(request)],
      [
        "POST /wcd/api/AppReqGetCounterInfo/_Total",
        (request: EwsRequest) => this.#counters(request),
      ],
      [
        "GET /wcd/api/AppReqGetCustomData/_A-00-00001",
        (request: EwsRequest) => this.#read(request),
      ],
      [
        "POST /wcd/api/AppReqSetCustomMessage/_A-00-00001",
        (request: EwsRequest) => this.#write(request),
      ],
    ]);
  }

  #sessionOf({ cookies }: EwsRequest): string | undefined {
    return cookies.get("ID");
  }

  #isAdmin(request: EwsRequest): boolean {
    return this.#admins.isOpen(this.#sessionOf(request));
  }

  #index(request: EwsRequest): EwsAnswer {
    const isKnown = this.#visits.isOpen(this.#sessionOf(request)) || this.#isAdmin(request);
    return html("<div id='spa'></div>", isKnown ? {} : sessionCookie(this.#visits.open()));
  }

  /** The login raises the session of the visitor. */
  #login(request: EwsRequest): EwsAnswer {
    const form = readFormBody(request);
    const id = this.#sessionOf(request);
    const isWhole = form.get("func") === "PSL_LP1_LOG" && form.get("R_ADM") === "AdminAdmin";
    if (!isWhole || !this.#visits.isOpen(id)) return message("CommonLoginError");
    const verdict = this.#gate.try(form.get("password"));
    if (verdict === "locked") return message("AdminLockedError");
    if (verdict === "refused") return message("CommonLoginError");
    if (this.#admins.open(id) === undefined) return message("AdminAnotherLoginError");
    const token = this.#tokens.issue();
    return html(`<input id="h_token" value="${token}"><a href="a_system_counter.xml">OK</a>`);
  }

  #logout(request: EwsRequest): EwsAnswer {
    if (readFormBody(request).get("func") === "PSL_ACO_LGO")
      this.#admins.close(this.#sessionOf(request));
    return html("<a href='top.xml'>OK</a>");
  }

  /** The only call that does without a token; one that was good before is still refused. */
  #counters(request: EwsRequest): EwsAnswer {
    if (request.body === "") return plain(411, "Length Required");
    const token = membersOf(request)?.["Token"];
    if (token !== undefined && !this.#spends(token)) return this.#nack("TokenError");
    return this.#ack({ UserCounterInfo: counters });
  }

  #spends(token: unknown): boolean {
    return typeof token === "string" && this.#tokens.spend(token);
  }

  #answer(result: string, content: object): EwsAnswer {
    const Result = { ResultInfo: result };
    return json({ MFP: { Result, Token: this.#tokens.issue(), ...content } });
  }

  #ack(content: object = {}): EwsAnswer {
    return this.#answer("Ack", content);
  }

  #nack(error: string): EwsAnswer {
    return this.#answer("Nack", { ErrorInfo: error });
  }

  #read(request: EwsRequest): EwsAnswer {
    if (!this.#isAdmin(request)) return this.#nack("NotLoggedIn");
    return this.#ack({ CustomData: jsonOfTree(settingsTree(this.#engine, configuration)) });
  }

  #write(request: EwsRequest): EwsAnswer {
    const members = membersOf(request);
    if (members === undefined) return plain(411, "Length Required");
    const { func, h_token, ...fields } = members;
    if (!this.#isAdmin(request) || !this.#spends(h_token)) return this.#told("Err_5", "TokenError");
    const leaves = Object.entries(fields).map(
      ([name, value]) => [name.replaceAll("_", "/"), String(value)] as const,
    );
    const changes = changesOf(this.#engine, configuration, new Map(leaves));
    if (func !== setter || changes === undefined) return this.#told("Err_1", "GeneralIllegalValue");
    const { outcome } = this.#engine.apply(changes, request);
    if (outcome === "busy") return this.#told("Err_6", "DeviceBusyError");
    return outcome === "done"
      ? this.#told("Ok_1", "Ok_1")
      : this.#told("Err_1", "GeneralIllegalValue");
  }

  #told(code: string, text: string): EwsAnswer {
    const Message = { Item: { "@Code": code, "#text": text } };
    return json({ MFP: { Message, Token: this.#tokens.issue() } });
  }
}

/** Names of lists and types as public readers of bizhubs name them. */
const counters = {
  TotalCounterList: { TotalCounter: [counter("Total", 12_345), counter("DuplexTotal", 4_000)] },
  PrintCounterList: { PrintCounter: [counter("BwTotal", 9_000), counter("FullColorTotal", 1_345)] },
  CopyCounterList: { CopyCounter: [counter("BwTotal", 1_000), counter("FullColorTotal", 1_000)] },
  ScanFaxCounterList: { ScanFaxCounter: [counter("DocumentReadTotal", 777)] },
};

function counter(type: string, count: number): object {
  return { Type: type, Count: String(count) };
}

function membersOf({ body }: EwsRequest): Readonly<Record<string, unknown>> | undefined {
  const parsed = parseJson(body);
  return isRecord(parsed) ? parsed : undefined;
}

function message(text: string): EwsAnswer {
  return html(`<Message><Item>${text}</Item></Message>`);
}

function sessionCookie(id: string | undefined): EwsAnswer["headers"] {
  return { "Set-Cookie": `ID=${id ?? ""}; Path=/` };
}
