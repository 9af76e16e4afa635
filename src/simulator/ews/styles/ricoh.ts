import type { EwsEngine } from "../engine.ts";
import type { EwsSite, EwsStyle } from "../ews-site.ts";
import type { EwsSessions, OneTimeTokens, PasswordGate } from "../sessions.ts";
import { type Language, languages } from "../failures.ts";
import { type SettingsPage, readForm, renderForm, renderPage, topics } from "../settings-page.ts";
import {
  type EwsAnswer,
  type EwsRequest,
  type EwsRoutes,
  html,
  readFormBody,
  redirect,
} from "../web-message.ts";

const control = { layout: "table", flagValues: { on: "1", off: "0" } } as const;

/** `path` is what stands between `get` or `set` and `.cgi`. Grammar documented, names of these pages and controls likely. */
const sections: readonly SettingsPage[] = [
  {
    path: "Sntp",
    title: topics.time,
    fields: {
      "Network.Time.Source": "timeSettingMethod",
      "Network.Time.NTPServer1": "sntpServerName",
      "Network.Time.TimeZone": "timeZone",
      "Network.Time.DaylightSavingEnable": "summerTime",
    },
  },
  {
    path: "Protocol",
    title: topics.protocols,
    fields: {
      "Network.FTP.Enable": "ftp",
      "Network.LPD.Enable": "lpr",
      "Network.RawPort.Enable": "diprint",
      "Network.RawPort.Port": "diprintPort",
      "Network.RawPort.BidirectionalEnable": "diprintBidi",
      "Network.HTTP.Enable": "http",
      "Network.HTTP.HTTPSEnable": "https",
    },
  },
  {
    path: "Snmp",
    title: topics.snmp,
    fields: {
      "Network.SNMP.V1V2cEnable": "snmpv1v2",
      "Network.SNMP.V3Enable": "snmpv3",
      "Network.SNMP.ReadCommunity": "communityName1",
      "Network.SNMP.TrapEnable": "trap",
    },
  },
  {
    path: "Email",
    title: topics.email,
    fields: {
      "Network.SMTP.ServerAddress": "smtpServerName",
      "Network.SMTP.Port": "smtpPort",
      "Network.SMTP.SenderAddress": "adminMailAddress",
      "Network.SMTP.Username": "smtpAuthUser",
    },
  },
  {
    path: "AutoNotify",
    title: topics.alerts,
    fields: {
      "Settings.EmailAlert.Recipient.1.Address": "groupAddress1",
      "Settings.EmailAlert.Recipient.1.SupplyLow": "tonerNearEnd",
      "Settings.EmailAlert.Recipient.1.PaperJam": "paperJam",
    },
  },
  {
    path: "Printer",
    title: topics.printing,
    fields: {
      "Settings.Finishing.BannerPage": "bannerPage",
      "Settings.Finishing.PrintBlankPages": "blankPagePrint",
      "Settings.PCL.FontNumber": "pclFontNumber",
      "Settings.PCL.SymbolSet": "pclSymbolSet",
      "Settings.PCL.Orientation": "pclOrientation",
      "Settings.PS.PrintErrorPage": "psErrorPrint",
      "Settings.PS.JobTimeout": "psJobTimeout",
    },
  },
];

const cookieName = "wimsesid";

/**
 * Ricoh's Web Image Monitor. The language is in the path; every page has a `wimToken` that is good for one post; a page is
 * posted only after it was opened (BADFLOW), and from itself (Referer). Outcomes are told by `returnValue` in pages of
 * status 200. One edit at a time (BUSY). Documented form, simulated.
 */
export const ricohStyle: EwsStyle = (engine) => new RicohSite(engine);

class RicohSite implements EwsSite {
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
    this.routes = new Map(
      languages.flatMap((language) => {
        const guest = `/web/guest/${language}/websys/webArch`;
        const config = `/web/entry/${language}/websys/config`;
        return [
          [`GET ${guest}/authForm.cgi`, (request: EwsRequest) => this.#authForm(request, language)],
          [`POST ${guest}/login.cgi`, (request: EwsRequest) => this.#login(request, language)],
          [
            `GET /web/entry/${language}/websys/webArch/mainFrame.cgi`,
            () => html("<h1>Web Image Monitor</h1>"),
          ],
          [`GET ${guest}/mainFrame.cgi`, () => html("<h1>Web Image Monitor</h1>")],
          [
            `GET /web/entry/${language}/websys/webArch/logout.cgi`,
            (request: EwsRequest) => this.#logout(request, language),
          ],
          ...sections.flatMap((section) => [
            [
              `GET ${config}/get${section.path}.cgi`,
              (request: EwsRequest) => this.#show(request, section, language),
            ] as const,
            [
              `POST ${config}/set${section.path}.cgi`,
              (request: EwsRequest) => this.#save(request, section, language),
            ] as const,
          ]),
        ] as const;
      }),
    );
  }

  #sessionOf({ cookies }: EwsRequest): string {
    return cookies.get(cookieName) ?? "";
  }

  #token(): string {
    return `<input type="hidden" name="wimToken" value="${this.#tokens.issue()}">`;
  }

  #authForm(request: EwsRequest, language: Language): EwsAnswer {
    const body = `<form name="form1" action="login.cgi" method="post">${this.#token()}
<input type="text" name="userid_work"><input type="hidden" name="userid">
<input type="password" name="password_work"><input type="hidden" name="password"></form>`;
    const id = this.#visits.isOpen(this.#sessionOf(request))
      ? this.#sessionOf(request)
      : this.#visits.open();
    return html(renderPage("Web Image Monitor", language, body), cookie(id));
  }

  #login(request: EwsRequest, language: Language): EwsAnswer {
    if (!this.#visits.isOpen(this.#sessionOf(request)))
      return html(renderPage("Cookie error", language, "Set the browser to accept cookies."));
    const form = readFormBody(request);
    const isRight =
      this.#tokens.spend(form.get("wimToken")) &&
      fromBase64(form.get("userid")) === this.#engine.credential.username &&
      this.#gate.try(fromBase64(form.get("password"))) === "accepted";
    const id = isRight ? this.#admins.open() : undefined;
    if (id === undefined) return result(language, "Authentication has failed.", "FAILURE");
    return redirect(`/web/entry/${language}/websys/webArch/mainFrame.cgi`, cookie(id));
  }

  #logout(request: EwsRequest, language: Language): EwsAnswer {
    this.#admins.close(this.#sessionOf(request));
    return redirect(`/web/guest/${language}/websys/webArch/mainFrame.cgi`);
  }

  #show(request: EwsRequest, section: SettingsPage, language: Language): EwsAnswer {
    const id = this.#sessionOf(request);
    if (!this.#admins.isOpen(id))
      return redirect(`/web/guest/${language}/websys/webArch/authForm.cgi`);
    this.#admins.note(id, section.path);
    const hidden = { wimToken: this.#tokens.issue(), accessConf: "MDowOjA6", title: section.path };
    const parts = { action: `set${section.path}.cgi`, name: "mainForm", hidden };
    const inLanguage = { ...request, headers: { ...request.headers, "accept-language": language } };
    const form = renderForm(this.#engine, inLanguage, section, control, parts);
    // The real pages carry the text of the timeout in their scripts at all times.
    const trap = `<script>var message = "TIMEOUT: the session has timed out";</script>`;
    return html(renderPage("Web Image Monitor", language, trap + form));
  }

  #save(request: EwsRequest, section: SettingsPage, language: Language): EwsAnswer {
    const id = this.#sessionOf(request);
    const form = readFormBody(request);
    const comesFromPage = request.headers.referer?.includes(`get${section.path}.cgi`) === true;
    if (!this.#admins.isOpen(id)) return result(language, "The session has timed out.", "TIMEOUT");
    if (!comesFromPage || this.#admins.noteOf(id) !== section.path)
      return result(language, "BADFLOW", "BADFLOW");
    this.#admins.note(id, "");
    if (!this.#tokens.spend(form.get("wimToken")))
      return result(language, "The session has timed out.", "TIMEOUT");
    const { changes, missing } = readForm(this.#engine, section, form, control);
    const { outcome } = missing.length > 0 ? refused : this.#engine.apply(changes, request);
    if (outcome === "busy") return html("BUSY");
    if (outcome === "timeout") return result(language, "The session has timed out.", "TIMEOUT");
    if (outcome === "refused") return result(language, "Enter the correct value.", "ERROR");
    return result(language, undefined, "SUCCESS");
  }
}

const refused = { outcome: "refused" } as const;

function cookie(id: string | undefined): EwsAnswer["headers"] {
  return { "Set-Cookie": [`${cookieName}=${id ?? ""}; Path=/`, "cookieOnOffChecker=on; Path=/"] };
}

function fromBase64(text: string | null): string {
  return Buffer.from(text ?? "", "base64").toString("utf8");
}

function result(language: Language, message: string | undefined, returnValue: string): EwsAnswer {
  const error = message === undefined ? "" : `<div class="errorMessage">${message}</div>`;
  const body = `${error}<form><input type="hidden" name="returnValue" value="${returnValue}"></form>`;
  return html(renderPage("Web Image Monitor", language, body));
}
