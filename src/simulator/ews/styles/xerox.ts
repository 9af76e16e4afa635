import type { EwsEngine } from "../engine.ts";
import type { EwsSite, EwsStyle } from "../ews-site.ts";
import type { EwsSessions, OneTimeTokens, PasswordGate } from "../sessions.ts";
import { type SettingsPage, readForm, renderForm, renderPage, topics } from "../settings-page.ts";
import {
  type EwsAnswer,
  type EwsRequest,
  type EwsRoutes,
  html,
  readFormBody,
  redirect,
} from "../web-message.ts";

const control = { layout: "table" } as const;
const setPath = "/userpost/xerox.set";
const loginPath = "/properties/authentication/login.php";

/** A page with the name of its setter. Paths and names of controls follow the pattern of the login, which is documented. */
interface Section extends SettingsPage {
  readonly fun: string;
}

const sections: readonly Section[] = [
  {
    path: "/properties/connectivity/snmp.php",
    title: topics.snmp,
    fun: "HTTP_Config_SNMP_fn",
    fields: {
      "Network.SNMP.V1V2cEnable": "frmSnmpV1V2",
      "Network.SNMP.ReadCommunity": "frmGetCommunity",
      "Network.SNMP.WriteCommunity": "frmSetCommunity",
      "Network.SNMP.TrapEnable": "frmTraps",
      "Network.SNMP.TrapDestination.1.Address": "frmTrapAddress",
    },
  },
  {
    path: "/properties/connectivity/lpd.php",
    title: topics.protocols,
    fun: "HTTP_Config_Print_fn",
    fields: {
      "Network.LPD.Enable": "frmLpdEnabled",
      "Network.LPD.Port": "frmLpdPort",
      "Network.RawPort.Enable": "frmRawEnabled",
      "Network.RawPort.Port": "frmRawPort",
      "Network.RawPort.BidirectionalEnable": "frmRawBidirectional",
    },
  },
  {
    path: "/properties/connectivity/http.php",
    title: topics.protocols,
    fun: "HTTP_Config_HTTP_fn",
    fields: {
      "Network.HTTP.Port": "frmHttpPort",
      "Network.HTTP.HTTPSOnly": "frmForceHttps",
      "Network.FTP.Enable": "frmFtpEnabled",
      "Network.FTP.PassiveMode": "frmFtpPassive",
      "Network.FTP.Port": "frmFtpPort",
    },
  },
  {
    path: "/properties/connectivity/smtp.php",
    title: topics.email,
    fun: "HTTP_Config_SMTP_fn",
    fields: {
      "Network.SMTP.ServerAddress": "frmSmtpServer",
      "Network.SMTP.Port": "frmSmtpPort",
      "Network.SMTP.SenderAddress": "frmSmtpFrom",
    },
  },
  {
    path: "/properties/GeneralSetup/datetime.php",
    title: topics.time,
    fun: "HTTP_Config_NTP_fn",
    fields: {
      "Network.Time.Source": "frmTimeSource",
      "Network.Time.NTPServer1": "frmNtpServer",
      "Network.Time.NTPServer2": "frmNtpAlternate",
      "Network.Time.TimeZone": "frmTimeZone",
    },
  },
  {
    path: "/properties/GeneralSetup/alerts.php",
    title: topics.alerts,
    fun: "HTTP_Config_Alert_fn",
    fields: {
      "Settings.EmailAlert.Enable": "frmAlerts",
      "Settings.EmailAlert.Recipient.1.Address": "frmAlertGroup1",
      "Settings.EmailAlert.Recipient.1.PaperJam": "frmAlertJam",
    },
  },
  {
    path: "/properties/services/print.php",
    title: topics.printing,
    fun: "HTTP_Config_PrintDefaults_fn",
    fields: {
      "Settings.Finishing.BannerPage": "frmBanner",
      "Settings.Finishing.ResourceSave": "frmResourceSave",
      "Settings.PCL.FontNumber": "frmPclFont",
      "Settings.PCL.Orientation": "frmPclOrientation",
      "Settings.PCL.DraftMode": "frmPclDraft",
      "Settings.PS.PrintErrorPage": "frmPsErrors",
      "Settings.PS.MediaSource": "frmPsTray",
    },
  },
];

/**
 * Xerox's CentreWare Internet Services. Every post goes to `/userpost/xerox.set` with the name of a function and of the
 * page to go on to; whether it worked is told by where one ends up (`invalid=t`). Login documented, pages simulated.
 */
export const xeroxStyle: EwsStyle = (engine) => new XeroxSite(engine);

class XeroxSite implements EwsSite {
  readonly routes: EwsRoutes;
  readonly #engine: EwsEngine;
  readonly #visits: EwsSessions;
  readonly #admins: EwsSessions;
  readonly #tokens: OneTimeTokens;
  readonly #gate: PasswordGate;

  constructor(engine: EwsEngine) {
    this.#engine = engine;
    this.#visits = this.#engine.sessions();
    this.#admins = this.#engine.sessions();
    this.#tokens = this.#engine.oneTimeTokens();
    this.#gate = this.#engine.passwordGate();
    this.routes = new Map([
      [`GET ${loginPath}`, (request: EwsRequest) => this.#loginPage(request)],
      [`POST ${setPath}`, (request: EwsRequest) => this.#post(request)],
      [
        "GET /properties/authentication/luidLogin.php",
        (request: EwsRequest) =>
          this.#isAdmin(request) ? html("<p>Logged in</p>") : redirect(`${loginPath}?invalid=t`),
      ],
      ["GET /error.php", () => html("<p>Your session has expired.</p>")],
      ...sections.map(
        (section) =>
          [`GET ${section.path}`, (request: EwsRequest) => this.#show(request, section)] as const,
      ),
    ]);
  }

  #sessionOf({ cookies }: EwsRequest): string | undefined {
    return cookies.get("PHPSESSID");
  }

  #isAdmin(request: EwsRequest): boolean {
    return this.#admins.isOpen(this.#sessionOf(request));
  }

  /** Gives a browser without a session one. */
  #welcome(request: EwsRequest): EwsAnswer["headers"] {
    const id = this.#sessionOf(request);
    if (this.#visits.isOpen(id) || this.#admins.isOpen(id)) return {};
    return sessionCookie(this.#visits.open());
  }

  #loginPage(request: EwsRequest): EwsAnswer {
    const problem = request.query.get("invalid") === "t" ? "<p>Invalid login</p>" : "";
    const body = `${problem}<form action="${setPath}" method="post">
<input type="hidden" name="_fun_function" value="HTTP_Authenticate_fn">
<input type="hidden" name="NextPage" value="/properties/authentication/luidLogin.php">
<input type="hidden" name="CSRFToken" value="${this.#tokens.issue()}">
<input type="hidden" name="frmaltDomain" value="default">
<input type="text" name="frmwebUsername"><input type="password" name="frmwebPassword">
</form>`;
    return html(
      renderPage("Login", this.#engine.languageFor(request), body),
      this.#welcome(request),
    );
  }

  #show(request: EwsRequest, section: Section): EwsAnswer {
    if (!this.#isAdmin(request)) return redirect(`${loginPath}?redir=${section.path}`);
    const hidden = {
      _fun_function: section.fun,
      NextPage: section.path,
      CSRFToken: this.#tokens.issue(),
    };
    const parts = { action: setPath, name: "settings", hidden };
    const form = renderForm(this.#engine, request, section, control, parts);
    return html(renderPage("Xerox SIM", this.#engine.languageFor(request), form));
  }

  #post(request: EwsRequest): EwsAnswer {
    const form = readFormBody(request);
    const next = form.get("NextPage") ?? "/";
    const isKnown = this.#visits.isOpen(this.#sessionOf(request)) || this.#isAdmin(request);
    if (!isKnown || !this.#tokens.spend(form.get("CSRFToken")))
      return redirect("/error.php?token=1");
    const fun = form.get("_fun_function");
    if (fun === "HTTP_Authenticate_fn") return this.#authenticate(form, next);
    if (fun === "HTTP_Logout_fn") {
      this.#admins.close(this.#sessionOf(request));
      return redirect(next);
    }
    return this.#save(
      request,
      form,
      sections.find((section) => section.fun === fun),
      next,
    );
  }

  #authenticate(form: URLSearchParams, next: string): EwsAnswer {
    const isRight =
      form.get("frmwebUsername") === this.#engine.credential.username &&
      form.has("frmaltDomain") &&
      this.#gate.try(form.get("frmwebPassword")) === "accepted";
    if (!isRight) return redirect(`${loginPath}?invalid=t&authStatus=0`);
    return redirect(next, sessionCookie(this.#admins.open()));
  }

  #save(
    request: EwsRequest,
    form: URLSearchParams,
    section: Section | undefined,
    next: string,
  ): EwsAnswer {
    if (section === undefined || !this.#isAdmin(request)) return redirect(`${loginPath}?invalid=t`);
    const { changes, missing } = readForm(this.#engine, section, form, {});
    if (missing.length > 0) return redirect(`${next}?invalid=t`);
    const { outcome } = this.#engine.apply(changes, request);
    if (outcome === "busy") return redirect(`${next}?busy=t`);
    return redirect(outcome === "done" ? next : `${next}?invalid=t`);
  }
}

function sessionCookie(id: string | undefined): EwsAnswer["headers"] {
  return { "Set-Cookie": `PHPSESSID=${id ?? ""}; Path=/` };
}
