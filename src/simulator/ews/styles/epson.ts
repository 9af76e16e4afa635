import { escapeXml } from "../../../cwmp/soap/xml-text.ts";
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

const control = { layout: "list", flagValues: { on: "ON", off: "OFF" } } as const;
const loginPath = "/PRESENTATION/ADVANCED/PASSWORD";
const cookieName = "EPSON_COOKIE_SESSION";

/** `path` + `/TOP` shows the page, `path` + `/SET` takes its form. The login is documented, these pages are likely. */
const sections: readonly SettingsPage[] = [
  {
    path: "/PRESENTATION/ADVANCED/NWS_SNMP",
    title: topics.snmp,
    fields: {
      "Network.SNMP.V1V2cEnable": "SEL_SNMPV1V2C",
      "Network.SNMP.ReadCommunity": "INPUTT_READCOMMUNITY",
      "General.SystemLocation": "INPUTT_LOCATION",
      "General.SystemContact": "INPUTT_CONTACT",
    },
  },
  {
    path: "/PRESENTATION/ADVANCED/NWS_PROTOCOL",
    title: topics.protocols,
    fields: {
      "Network.LPD.Enable": "SEL_LPR",
      "Network.RawPort.Enable": "SEL_RAW",
      "Network.FTP.Enable": "SEL_FTP",
    },
  },
  {
    // Controls of this page are documented.
    path: "/PRESENTATION/ADVANCED/PRINTER_UNIVERSAL",
    title: topics.printing,
    fields: {
      "Settings.Print.Copies": "INPUTT_NUMOFCOPY",
      "Settings.PCL.FontNumber": "INPUTT_FONTNUMBER",
      "Settings.PCL.SymbolSet": "INPUTD_SYMBOLSET",
      "Settings.PS.PrintErrorPage": "INPUTR_PS3ERRORSHEET",
    },
  },
  {
    path: "/PRESENTATION/ADVANCED/DVS_DATETIME",
    title: topics.time,
    fields: {
      "Network.Time.Source": "SEL_TIMESERVER",
      "Network.Time.NTPServer1": "INPUTT_TIMESERVER",
    },
  },
];

/**
 * Epson's Web Config: a posted login whose answer sets `EPSON_COOKIE_SESSION`; every form carries `INPUTT_SETUPTOKEN`.
 * Too many wrong passwords: "Try again later.". Login documented, pages simulated.
 */
export const epsonStyle: EwsStyle = (engine) => new EpsonSite(engine);

class EpsonSite implements EwsSite {
  readonly routes: EwsRoutes;
  readonly #engine: EwsEngine;
  readonly #sessions: EwsSessions;
  readonly #tokens: OneTimeTokens;
  readonly #gate: PasswordGate;

  constructor(engine: EwsEngine) {
    this.#engine = engine;
    this.#sessions = this.#engine.sessions({ limit: 1 });
    this.#tokens = this.#engine.oneTimeTokens();
    this.#gate = this.#engine.passwordGate({ attempts: 5, forMs: 60_000 });
    this.routes = new Map([
      [`GET ${loginPath}/TOP`, (request: EwsRequest) => this.#loginPage(request)],
      [`POST ${loginPath}/SET`, (request: EwsRequest) => this.#login(request)],
      [
        "GET /PRESENTATION/ADVANCED/INFO_NWINFO/TOP",
        (request: EwsRequest) => this.#networkPage(request),
      ],
      ["GET /PRESENTATION/ADVANCED/LOGOUT/TOP", (request: EwsRequest) => this.#logout(request)],
      ...sections.flatMap((section) => [
        [`GET ${section.path}/TOP`, (request: EwsRequest) => this.#show(request, section)] as const,
        [
          `POST ${section.path}/SET`,
          (request: EwsRequest) => this.#save(request, section),
        ] as const,
      ]),
    ]);
  }

  #isAdmin({ cookies }: EwsRequest): boolean {
    return this.#sessions.isOpen(cookies.get(cookieName));
  }

  /** Status pages need no login. */
  #networkPage(request: EwsRequest): EwsAnswer {
    const name = this.#engine.settings.get("General.PrinterName");
    const rows = `<dt>Device Name</dt><dd>${escapeXml(name)}</dd>`;
    return this.#page(request, `<section id="info-network"><dl>${rows}</dl></section>`);
  }

  #loginPage(request: EwsRequest): EwsAnswer {
    const body = `<form action="${loginPath}/SET" method="post">
<input type="text" name="INPUTT_USERNAME"><input type="password" name="INPUTT_PASSWORD">
<input type="hidden" name="access" value="https"><input type="hidden" name="INPUTT_ACCSESSMETHOD" value="0">
<input type="hidden" name="INPUTT_DUMMY" value=""></form>`;
    return this.#page(request, body);
  }

  #login(request: EwsRequest): EwsAnswer {
    const form = readFormBody(request);
    const isWhole = form.get("access") === "https" && form.has("INPUTT_ACCSESSMETHOD");
    const isKnown = form.get("INPUTT_USERNAME") === this.#engine.credential.username;
    const verdict = isWhole && isKnown ? this.#gate.try(form.get("INPUTT_PASSWORD")) : "refused";
    if (verdict === "locked") return this.#page(request, "Try again later.");
    if (verdict === "refused") return this.#page(request, "Incorrect user name or password");
    const id = this.#sessions.open();
    if (id === undefined) return this.#page(request, "Another administrator is logged in.");
    const cookie = { "Set-Cookie": `${cookieName}=${id}; Path=/` };
    return html(
      renderPage("EPSON SIM Series", this.#engine.languageFor(request), "Logged in"),
      cookie,
    );
  }

  #page(request: EwsRequest, body: string): EwsAnswer {
    return html(renderPage("EPSON SIM Series", this.#engine.languageFor(request), body));
  }

  #show(request: EwsRequest, section: SettingsPage): EwsAnswer {
    if (!this.#isAdmin(request)) return redirect(`${loginPath}/TOP`);
    const hidden = { INPUTT_SETUPTOKEN: this.#tokens.issue() };
    const parts = { action: `${section.path}/SET`, name: "form", hidden };
    return this.#page(request, renderForm(this.#engine, request, section, control, parts));
  }

  #save(request: EwsRequest, section: SettingsPage): EwsAnswer {
    if (!this.#isAdmin(request)) return redirect(`${loginPath}/TOP`);
    const form = readFormBody(request);
    const { changes, missing } = readForm(this.#engine, section, form, control);
    if (!this.#tokens.spend(form.get("INPUTT_SETUPTOKEN")) || missing.length > 0)
      return this.#page(request, "<p class='error'>Setup failed. Open the page again.</p>");
    const { outcome } = this.#engine.apply(changes, request);
    if (outcome === "busy")
      return this.#page(request, "<p class='error'>The printer is in use.</p>");
    return this.#page(
      request,
      outcome === "done" ? "Setup complete" : "<p class='error'>Setup failed.</p>",
    );
  }

  #logout({ cookies }: EwsRequest): EwsAnswer {
    this.#sessions.close(cookies.get(cookieName));
    return redirect(`${loginPath}/TOP`);
  }
}
