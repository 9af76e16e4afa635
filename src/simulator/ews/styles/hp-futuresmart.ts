import type { EwsEngine } from "../engine.ts";
import type { EwsSite, EwsStyle } from "../ews-site.ts";
import type { EwsSessions, OneTimeTokens, PasswordGate } from "../sessions.ts";
import { type SettingsPage, readForm, renderForm, renderPage, topics } from "../settings-page.ts";
import {
  type EwsAnswer,
  type EwsRequest,
  type EwsRoutes,
  html,
  plain,
  readFormBody,
  redirect,
} from "../web-message.ts";

const control = { layout: "table" } as const;
const signInPath = "/hp/device/SignIn/Index";

/** `path` is the page; its form goes to `path` + `/Save`, which is documented; names of these pages are simulated. */
const sections: readonly SettingsPage[] = [
  {
    path: "/hp/device/DateTime",
    title: topics.time,
    fields: {
      "Network.Time.Source": "TimeSource",
      "Network.Time.NTPServer1": "NtpServerAddress",
      "Network.Time.TimeZone": "TimeZone",
    },
  },
  {
    path: "/hp/device/AlertsConfig",
    title: topics.alerts,
    fields: {
      "Settings.EmailAlert.Enable": "AlertsEnabled",
      "Settings.EmailAlert.Recipient.1.Address": "Recipient1",
    },
  },
  {
    path: "/hp/device/PrintDefaults",
    title: topics.printing,
    fields: {
      "Settings.Print.Copies": "Copies",
      "Settings.PCL.FontNumber": "PclFontNumber",
      "Settings.PCL.Orientation": "PclOrientation",
      "Settings.PS.PrintErrorPage": "PrintPsErrors",
    },
  },
  {
    path: "/hp/device/DeviceInformation",
    title: topics.identity,
    fields: {
      "General.PrinterName": "DeviceName",
      "General.SystemLocation": "DeviceLocation",
      "General.AssetTag": "AssetNumber",
    },
  },
];

/**
 * HP FutureSmart: cookie `sessionId` and hidden `CSRFToken` before the login already; a login that worked is seen by
 * `User: admin`, a blank password is answered with 409. Documented form, simulated.
 */
export const hpFutureSmartStyle: EwsStyle = (engine) => new HpFutureSmartSite(engine);

class HpFutureSmartSite implements EwsSite {
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
      [`GET ${signInPath}`, (request: EwsRequest) => this.#signInForm(request)],
      [`POST ${signInPath}`, (request: EwsRequest) => this.#signIn(request)],
      ["GET /hp/device/SignOut/Index", (request: EwsRequest) => this.#signOut(request)],
      [
        "GET /hp/device/DeviceStatus/Index",
        (request: EwsRequest) => this.#page(request, "<p>Ready</p>"),
      ],
      ...sections.flatMap((section) => [
        [`GET ${section.path}`, (request: EwsRequest) => this.#show(request, section)] as const,
        [
          `POST ${section.path}/Save`,
          (request: EwsRequest) => this.#save(request, section),
        ] as const,
      ]),
    ]);
  }

  #sessionOf({ cookies }: EwsRequest): string | undefined {
    return cookies.get("sessionId");
  }

  #isKnown(request: EwsRequest): boolean {
    return (
      this.#visits.isOpen(this.#sessionOf(request)) || this.#admins.isOpen(this.#sessionOf(request))
    );
  }

  #token(): string {
    return `<input type="hidden" name="CSRFToken" value="${this.#tokens.issue()}">`;
  }

  #page(request: EwsRequest, body: string): EwsAnswer {
    const isAdmin = this.#admins.isOpen(this.#sessionOf(request));
    const user = isAdmin ? "<span id='UserName'>User: admin</span>" : "";
    const headers = this.#isKnown(request) ? {} : sessionCookie(this.#visits.open());
    return html(
      renderPage("HP LaserJet SIM", this.#engine.languageFor(request), user + body),
      headers,
    );
  }

  #signInForm(request: EwsRequest, problem = ""): EwsAnswer {
    const body = `${problem}<form action="${signInPath}" method="post">${this.#token()}
<select name="agentIdSelect"><option value="hp_EmbeddedPin_v1" selected>Local Device</option></select>
<select name="PinDropDown"><option value="AdminItem" selected>Administrator</option></select>
<input type="password" id="PasswordTextBox" name="PasswordTextBox">
<input type="submit" name="signInOk" value="Sign In"></form>`;
    return this.#page(request, body);
  }

  #signIn(request: EwsRequest): EwsAnswer {
    const form = readFormBody(request);
    const password = form.get("PasswordTextBox") ?? "";
    if (password === "") return plain(409, "Conflict");
    if (!this.#isKnown(request) || !this.#tokens.spend(form.get("CSRFToken")))
      return plain(403, "Forbidden");
    const isWhole = form.get("agentIdSelect") === "hp_EmbeddedPin_v1" && form.has("PinDropDown");
    const id = isWhole && this.#gate.try(password) === "accepted" ? this.#admins.open() : undefined;
    if (id === undefined) return this.#signInForm(request, "<p id='Error'>Invalid password</p>");
    return redirect("/hp/device/DeviceStatus/Index", sessionCookie(id));
  }

  #show(request: EwsRequest, section: SettingsPage, problem = ""): EwsAnswer {
    if (!this.#admins.isOpen(this.#sessionOf(request))) return redirect(signInPath);
    const hidden = { CSRFToken: this.#tokens.issue() };
    const parts = { action: `${section.path}/Save`, name: "settings", hidden };
    return this.#page(
      request,
      problem + renderForm(this.#engine, request, section, control, parts),
    );
  }

  #save(request: EwsRequest, section: SettingsPage): EwsAnswer {
    if (!this.#admins.isOpen(this.#sessionOf(request))) return redirect(signInPath);
    const form = readFormBody(request);
    if (!this.#tokens.spend(form.get("CSRFToken"))) return plain(403, "Forbidden");
    const { changes, missing } = readForm(this.#engine, section, form, {});
    const { outcome } = missing.length > 0 ? refused : this.#engine.apply(changes, request);
    if (outcome === "done")
      return this.#show(request, section, "<div id='Summary'>Settings saved</div>");
    const text = outcome === "busy" ? "The device is busy" : "The operation failed";
    return this.#show(request, section, `<div id='Summary' class='message-error'>${text}</div>`);
  }

  #signOut(request: EwsRequest): EwsAnswer {
    this.#admins.close(this.#sessionOf(request));
    return redirect(signInPath);
  }
}

const refused = { outcome: "refused" } as const;

function sessionCookie(id: string | undefined): EwsAnswer["headers"] {
  return { "Set-Cookie": `sessionId=${id ?? ""}; Path=/` };
}
