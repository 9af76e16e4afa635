import {
  type DocumentFields,
  changesOf,
  isRecord,
  jsonOfTree,
  parseJson,
  readJsonLeaves,
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

type Members = Readonly<Record<string, unknown>>;
const lockout = { attempts: 3, forMs: 300_000 } as const;

/**
 * Konica Minolta's i-Series web API: JSON posts to `/wcd/api/AppReq…`; the answer to each holds the `Token` for the next;
 * `MFP.Result.ResultInfo` is Ack or Nack, always with status 200. Counters need no login; an empty body is 411. Reading
 * documented, login and setting simulated.
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
      [
        "POST /wcd/api/AppReqGetCounterInfo/_Total",
        (request: EwsRequest) => this.#call(request, () => this.#counters()),
      ],
      [
        "POST /wcd/api/AppReqLogin",
        (request: EwsRequest) => this.#call(request, (members) => this.#login(members)),
      ],
      [
        "POST /wcd/api/AppReqLogout",
        (request: EwsRequest) => this.#call(request, () => this.#logout(request)),
      ],
      [
        "POST /wcd/api/AppReqGetCustomData/_A-00-00001",
        (request: EwsRequest) => this.#call(request, () => this.#read(request)),
      ],
      [
        "POST /wcd/api/AppReqSetCustomData/_A-00-00001",
        (request: EwsRequest) => this.#call(request, (members) => this.#write(request, members)),
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
    const page = `<script>var Token = "${this.#tokens.issue()}";</script>`;
    return html(page, isKnown ? {} : sessionCookie(this.#visits.open()));
  }

  /** A call: the request has the right token, and `run` says what becomes of it. */
  #call(request: EwsRequest, run: (members: Members) => EwsAnswer): EwsAnswer {
    if (request.body === "") return plain(411, "Length Required");
    const parsed = parseJson(request.body);
    const members = isRecord(parsed) && isRecord(parsed["MFP"]) ? parsed["MFP"] : undefined;
    const isKnown = this.#visits.isOpen(this.#sessionOf(request)) || this.#isAdmin(request);
    const token = members?.["Token"];
    const hasToken = typeof token === "string" && this.#tokens.spend(token);
    if (members === undefined || !isKnown || !hasToken) return this.#nack("TokenError");
    return run(members);
  }

  #envelope(result: string, content: object, headers: EwsAnswer["headers"] = {}): EwsAnswer {
    const Result = { ResultInfo: result };
    return json({ MFP: { Result, Token: this.#tokens.issue(), ...content } }, headers);
  }

  #ack(content: object = {}, headers: EwsAnswer["headers"] = {}): EwsAnswer {
    return this.#envelope("Ack", content, headers);
  }

  #nack(error: string): EwsAnswer {
    return this.#envelope("Nack", { ErrorInfo: error });
  }

  #login({ UserName, Password }: Members): EwsAnswer {
    if (UserName !== this.#engine.credential.username || typeof Password !== "string")
      return this.#nack("LoginError");
    const verdict = this.#gate.try(Password);
    if (verdict === "locked") return this.#nack("AdminLockedError");
    if (verdict === "refused") return this.#nack("LoginError");
    const id = this.#admins.open();
    return id === undefined
      ? this.#nack("AdminActiveJobLoginError")
      : this.#ack({}, sessionCookie(id));
  }

  #logout(request: EwsRequest): EwsAnswer {
    this.#admins.close(this.#sessionOf(request));
    return this.#ack();
  }

  #read(request: EwsRequest): EwsAnswer {
    if (!this.#isAdmin(request)) return this.#nack("NotLoggedIn");
    return this.#ack({ CustomData: jsonOfTree(settingsTree(this.#engine, configuration)) });
  }

  #write(request: EwsRequest, { CustomData }: Members): EwsAnswer {
    if (!this.#isAdmin(request)) return this.#nack("NotLoggedIn");
    const leaves = readJsonLeaves(JSON.stringify(CustomData ?? null));
    const changes =
      leaves === undefined ? undefined : changesOf(this.#engine, configuration, leaves);
    if (changes === undefined) return this.#nack("ParameterError");
    const { outcome } = this.#engine.apply(changes, request);
    if (outcome === "busy") return this.#nack("DeviceBusyError");
    return outcome === "done" ? this.#ack() : this.#nack("ParameterError");
  }

  #counters(): EwsAnswer {
    return this.#ack({ CounterInfo: { Total: "12345", Color: "2345" } });
  }
}

function sessionCookie(id: string | undefined): EwsAnswer["headers"] {
  return { "Set-Cookie": `ID=${id ?? ""}; Path=/` };
}
