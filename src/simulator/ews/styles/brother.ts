import { createHash, randomBytes } from "node:crypto";
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

const control = { layout: "list" } as const;
const statusPath = "/general/status.html";

/**
 * Settings shown on each page; the controls get opaque names. Notification and sleep pages are documented, the paths of
 * the others likely.
 */
const pages: readonly (Omit<SettingsPage, "fields"> & { readonly settings: readonly string[] })[] =
  [
    {
      path: "/general/information.html",
      title: topics.identity,
      settings: ["General.PrinterName", "General.SystemLocation", "General.SystemContact"],
    },
    {
      path: "/general/sleep.html",
      title: topics.printing,
      settings: ["Settings.Print.SleepDelay"],
    },
    {
      path: "/general/datetime.html",
      title: topics.time,
      settings: [
        "Network.Time.Source",
        "Network.Time.NTPServer1",
        "Network.Time.NTPServer2",
        "Network.Time.TimeZone",
        "Network.Time.DaylightSavingEnable",
      ],
    },
    {
      path: "/net/wired/tcpip.html",
      title: topics.dns,
      settings: [
        "Network.DNS.PrimaryServer",
        "Network.DNS.SecondaryServer",
        "Network.WINS.PrimaryServer",
        "Network.WINS.SecondaryServer",
      ],
    },
    {
      path: "/net/net/protocol.html",
      title: topics.protocols,
      settings: [
        "Network.FTP.Enable",
        "Network.LPD.Enable",
        "Network.RawPort.Enable",
        "Network.SNMP.V1V2cEnable",
        "Network.SMTP.Enable",
        "Network.HTTP.HTTPSEnable",
      ],
    },
    {
      path: "/net/net/snmp.html",
      title: topics.snmp,
      settings: ["Network.SNMP.V1V2cEnable", "Network.SNMP.V3Enable", "Network.SNMP.TrapEnable"],
    },
    {
      path: "/net/net/smtp.html",
      title: topics.email,
      settings: ["Network.SMTP.Port", "Network.SMTP.Password"],
    },
    {
      path: "/net/net/notification.html",
      title: topics.alerts,
      settings: [
        "Network.SMTP.ServerAddress",
        "Network.SMTP.SenderAddress",
        "Settings.EmailAlert.Enable",
        "Settings.EmailAlert.Recipient.1.Address",
      ],
    },
    {
      path: "/print/pcl.html",
      title: topics.pcl,
      settings: [
        "Settings.PCL.FontNumber",
        "Settings.PCL.SymbolSet",
        "Settings.PCL.Orientation",
        "Settings.PCL.Sides",
      ],
    },
    {
      path: "/print/ps.html",
      title: topics.ps,
      settings: ["Settings.PS.PrintErrorPage", "Settings.PS.JobTimeout"],
    },
    {
      path: "/print/printing.html",
      title: topics.printing,
      settings: [
        "Settings.Finishing.BannerPage",
        "Settings.Finishing.SeparatorSheet",
        "Settings.Finishing.PrintBlankPages",
        "Settings.Print.TonerSave",
      ],
    },
  ];

/**
 * Brother's Web Based Management. The password field has id `LogBox` and a name of its own on every model; so have all
 * controls, so that they are found by label. A post wants the cookie, the page's `pageid` and its `CSRFToken`, which is
 * good once; whatever is wrong is told with status 200 and class `postError`. Documented form, simulated.
 */
export const brotherStyle: EwsStyle = (engine) => new BrotherSite(engine);

class BrotherSite implements EwsSite {
  readonly routes: EwsRoutes;
  readonly #engine: EwsEngine;
  readonly #sessions: EwsSessions;
  readonly #tokens: OneTimeTokens;
  readonly #gate: PasswordGate;
  readonly #firmware: string;
  readonly #passwordField: string;

  constructor(engine: EwsEngine) {
    this.#engine = engine;
    this.#sessions = this.#engine.sessions();
    this.#tokens = this.#engine.oneTimeTokens();
    this.#gate = this.#engine.passwordGate();
    this.#firmware = randomBytes(4).toString("hex");
    this.#passwordField = this.#opaque("LogBox");
    this.routes = new Map([
      [`GET ${statusPath}`, (request: EwsRequest) => this.#status(request)],
      [`POST ${statusPath}`, (request: EwsRequest) => this.#login(request)],
      ...pages.flatMap(({ path, title, settings }, pageid) => {
        const fields = Object.fromEntries(
          settings.map((name) => [name, this.#opaque(path + name)]),
        );
        const page = { path, title, fields };
        return [
          [`GET ${path}`, (request: EwsRequest) => this.#show(request, page, pageid)] as const,
          [`POST ${path}`, (request: EwsRequest) => this.#save(request, page, pageid)] as const,
        ];
      }),
    ]);
  }

  #opaque(name: string): string {
    return `B${createHash("sha256")
      .update(this.#firmware + name)
      .digest("hex")
      .slice(0, 6)}`;
  }

  #isLoggedIn({ cookies }: EwsRequest): boolean {
    return this.#sessions.isOpen(cookies.get("AuthCookie"));
  }

  #loginForm(path: string): string {
    return `<form method="post" action="${statusPath}"><input type="password" id="LogBox" name="${this.#passwordField}">
<input type="hidden" name="loginurl" value="${path}">
<input type="hidden" name="CSRFToken" value="${this.#tokens.issue()}"><input type="submit" value="login"></form>`;
  }

  #logoutForm(): string {
    return `<form method="post" action="${statusPath}"><input type="hidden" name="logout" value="1">
<input type="hidden" name="CSRFToken" value="${this.#tokens.issue()}"><input type="submit" value="logout"></form>`;
  }

  #show(request: EwsRequest, page: SettingsPage, pageid: number, problem = ""): EwsAnswer {
    const form = this.#isLoggedIn(request)
      ? this.#logoutForm() +
        renderForm(this.#engine, request, page, control, {
          action: page.path,
          name: "settings",
          hidden: { pageid: String(pageid), CSRFToken: this.#tokens.issue() },
        })
      : this.#loginForm(page.path);
    return html(
      renderPage("Brother SIM-1 series", this.#engine.languageFor(request), problem + form),
    );
  }

  #save(request: EwsRequest, page: SettingsPage, pageid: number): EwsAnswer {
    const form = readFormBody(request);
    const { changes, missing } = readForm(this.#engine, page, form, {});
    const isRight =
      this.#isLoggedIn(request) &&
      this.#tokens.spend(form.get("CSRFToken")) &&
      form.get("pageid") === String(pageid) &&
      missing.length === 0;
    const { outcome } = isRight ? this.#engine.apply(changes, request) : { outcome: "refused" };
    const text = outcome === "busy" ? "The device is in use." : "Submit Error";
    return this.#show(
      request,
      page,
      pageid,
      outcome === "done" ? "" : `<div class="postError">${text}</div>`,
    );
  }

  #status(request: EwsRequest): EwsAnswer {
    const body = `<div id="moni_data"><span class="moni moniOk">Ready</span></div>
${this.#isLoggedIn(request) ? this.#logoutForm() : this.#loginForm(statusPath)}`;
    return html(renderPage("Brother SIM-1 series", this.#engine.languageFor(request), body));
  }

  #login(request: EwsRequest): EwsAnswer {
    const form = readFormBody(request);
    const hasToken = this.#tokens.spend(form.get("CSRFToken"));
    if (hasToken && form.has("logout")) this.#sessions.close(request.cookies.get("AuthCookie"));
    if (form.has("logout")) return redirect(statusPath, { "Set-Cookie": "AuthCookie=; Path=/" });
    const isAdmin = hasToken && this.#gate.try(form.get(this.#passwordField)) === "accepted";
    const id = isAdmin ? this.#sessions.open() : undefined;
    const cookie = id === undefined ? {} : { "Set-Cookie": `AuthCookie=${id}; Path=/` };
    return { ...redirect(form.get("loginurl") ?? statusPath, cookie), status: 301 };
  }
}
