import { randomInt } from "node:crypto";
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
const expired = "The certification has been updated or has expired.";

/** Pages with names of the pattern that is documented; controls have numbers that differ from model to model. */
const pages: readonly (Omit<SettingsPage, "fields"> & { readonly settings: readonly string[] })[] =
  [
    {
      path: "/m_network_snmp_edit",
      title: topics.snmp,
      settings: ["Network.SNMP.V1V2cEnable", "Network.SNMP.ReadCommunity", "Network.SNMP.V3Enable"],
    },
    {
      path: "/m_network_lpd_edit",
      title: topics.protocols,
      settings: ["Network.LPD.Enable", "Network.RawPort.Enable", "Network.HTTP.Enable"],
    },
    {
      path: "/m_network_sntp_edit",
      title: topics.time,
      settings: ["Network.Time.Source", "Network.Time.NTPServer1"],
    },
    {
      path: "/m_printer_pcl_edit",
      title: topics.pcl,
      settings: ["Settings.PCL.FontNumber", "Settings.PCL.Orientation", "Settings.PCL.Sides"],
    },
  ];

/**
 * Canon's Remote UI of LBP and MF: login with numbered fields and `iToken`, cookie `sessid`; pages end in the words of
 * {@link expired} when session or token are no longer good. Login documented, pages simulated.
 */
export const canonStyle: EwsStyle = (engine) => new CanonSite(engine);

class CanonSite implements EwsSite {
  readonly routes: EwsRoutes;
  readonly #engine: EwsEngine;
  readonly #sessions: EwsSessions;
  readonly #tokens: OneTimeTokens;
  readonly #gate: PasswordGate;

  constructor(engine: EwsEngine) {
    this.#engine = engine;
    this.#sessions = this.#engine.sessions({ limit: 1 });
    this.#tokens = this.#engine.oneTimeTokens();
    this.#gate = this.#engine.passwordGate();
    const firmware = randomInt(1_000, 8_000);
    const sections = pages.map(({ path, title, settings }, page): SettingsPage => {
      const names = settings.map(
        (setting, n) => [setting, `i${firmware + 20 * page + n}`] as const,
      );
      return { path, title, fields: Object.fromEntries(names) };
    });
    this.routes = new Map([
      ["GET /login.html", (request: EwsRequest) => this.#loginPage(request)],
      ["POST /checkLogin.cgi", (request: EwsRequest) => this.#login(request)],
      ["GET /logout.cgi", (request: EwsRequest) => this.#logout(request)],
      [
        "GET /portal_top.html",
        (request: EwsRequest) =>
          this.#page(request, this.#isAdmin(request) ? "<h1>Portal</h1>" : expired),
      ],
      ...sections.flatMap((section) => [
        [
          `GET ${section.path}.html`,
          (request: EwsRequest) => this.#show(request, section),
        ] as const,
        [
          `POST /cgi${section.path}.cgi`,
          (request: EwsRequest) => this.#save(request, section),
        ] as const,
      ]),
    ]);
  }

  #isAdmin({ cookies }: EwsRequest): boolean {
    return this.#sessions.isOpen(cookies.get("sessid"));
  }

  #page(request: EwsRequest, body: string): EwsAnswer {
    return html(renderPage("Remote UI: SIM", this.#engine.languageFor(request), body));
  }

  #loginPage(request: EwsRequest): EwsAnswer {
    const body = `<form action="/checkLogin.cgi" method="post">
<input type="hidden" name="iToken" value=""><input type="radio" name="i0012" value="1" checked>
<input type="text" name="i0014"><input type="password" name="i0016"><input type="hidden" name="i0019" value="">
</form>`;
    return this.#page(request, body);
  }

  #login(request: EwsRequest): EwsAnswer {
    const form = readFormBody(request);
    const isWhole = ["iToken", "i0012", "i0014", "i0016", "i0019"].every((name) => form.has(name));
    const isRight =
      isWhole &&
      form.get("i0014") === this.#engine.credential.username &&
      this.#gate.try(form.get("i0016")) === "accepted";
    const id = isRight ? this.#sessions.open() : undefined;
    if (id === undefined) return this.#page(request, "<p class='error'>Login failed.</p>");
    return redirect("/portal_top.html", { "Set-Cookie": `sessid=${id}; Path=/` });
  }

  #logout({ cookies }: EwsRequest): EwsAnswer {
    this.#sessions.close(cookies.get("sessid"));
    return redirect("/login.html");
  }

  #show(request: EwsRequest, section: SettingsPage): EwsAnswer {
    if (!this.#isAdmin(request)) return this.#page(request, expired);
    const hidden = { iToken: this.#tokens.issue() };
    const parts = { action: `/cgi${section.path}.cgi`, name: "form", hidden };
    return this.#page(request, renderForm(this.#engine, request, section, control, parts));
  }

  #save(request: EwsRequest, section: SettingsPage): EwsAnswer {
    const form = readFormBody(request);
    if (!this.#isAdmin(request) || !this.#tokens.spend(form.get("iToken")))
      return this.#page(request, expired);
    const { changes, missing } = readForm(this.#engine, section, form, {});
    const { outcome } = missing.length > 0 ? refused : this.#engine.apply(changes, request);
    if (outcome === "busy")
      return this.#page(request, "<p class='error'>The machine is in use.</p>");
    if (outcome === "timeout") return this.#page(request, expired);
    if (outcome === "refused")
      return this.#page(request, "<p class='error'>The value is invalid.</p>");
    return redirect(`${section.path}.html`);
  }
}

const refused = { outcome: "refused" } as const;
