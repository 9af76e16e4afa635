import { escapeXml } from "../../../cwmp/soap/xml-text.ts";
import type { EwsEngine } from "../engine.ts";
import type { EwsSite, EwsStyle } from "../ews-site.ts";
import type { Language } from "../failures.ts";
import type { EwsSessions, OneTimeTokens, PasswordGate } from "../sessions.ts";
import { words } from "../setting.ts";
import {
  type ControlStyle,
  type SettingsPage,
  readForm,
  renderForm,
  renderPage,
  topics,
} from "../settings-page.ts";
import {
  type EwsAnswer,
  type EwsRequest,
  type EwsRoutes,
  html,
  readFormBody,
  redirect,
} from "../web-message.ts";

const loginPath = "/PRESENTATION/ADVANCED/PASSWORD";
const cookieName = "EPSON_COOKIE_SESSION";
/** What the pages' own switch of languages sets: pages for this browser only. */
const languageCookie = "EPSON_COOKIE_LANG";
const complete = words("Setup complete", "Einstellung abgeschlossen", "Configuración completada");

const enabled = {
  en: ["Enable", "Disable"],
  de: ["Aktivieren", "Deaktivieren"],
  es: ["Activar", "Desactivar"],
} as const;

/** Switches of the first are check boxes, those of the others lists of two words. */
const boxes = { layout: "list" } as const;
const lists = { layout: "list", flagValues: { on: "ON", off: "OFF" } } as const;
const choices = {
  layout: "list",
  flagValues: { on: "ENABLE", off: "DISABLE" },
  flagWords: enabled,
} as const;

interface Section extends SettingsPage {
  readonly control: ControlStyle;
}

/**
 * `path` + `/TOP` shows the page, `path` + `/SET` takes its form. The pages are those of the maker's menu, the labels
 * those of its guides; names of controls are known of PRINTER_UNIVERSAL only.
 */
const sections: readonly Section[] = [
  {
    path: "/PRESENTATION/ADVANCED/NW_BASIC",
    title: topics.dns,
    control: choices,
    fields: {
      "General.PrinterName": "INPUTT_DEVICENAME",
      "General.SystemLocation": "INPUTT_LOCATION",
      "Network.DNS.PrimaryServer": "INPUTT_PRIMARYDNS",
      "Network.DNS.SecondaryServer": "INPUTT_SECONDARYDNS",
      "Network.DNS.DomainName": "INPUTT_DOMAINNAME",
      "Network.DNS.DynamicUpdateEnable": "INPUTR_DDNS",
      "Network.TCPIP.IPv6Enable": "INPUTR_IPV6",
    },
    english: {
      "Network.DNS.DomainName": "DNS Domain Name",
      "Network.DNS.DynamicUpdateEnable": "Register the network interface address to DNS",
      "Network.TCPIP.IPv6Enable": "IPv6 Setting",
    },
  },
  {
    path: "/PRESENTATION/ADVANCED/NW_SERVICE_MSNW",
    title: topics.dns,
    control: boxes,
    fields: {
      "Network.WINS.PrimaryServer": "INPUTT_PRIMARYWINS",
      "Network.WINS.SecondaryServer": "INPUTT_SECONDARYWINS",
    },
  },
  {
    path: "/PRESENTATION/ADVANCED/NW_SERVICE_PRTCL",
    title: topics.protocols,
    control: boxes,
    fields: {
      "Network.mDNS.Enable": "INPUTC_BONJOUR",
      "Network.SLP.Enable": "INPUTC_SLP",
      "Network.WSD.Enable": "INPUTC_WSD",
      "Network.IPP.Enable": "INPUTC_IPP",
      "Network.LPD.Enable": "INPUTC_LPR",
      "Network.RawPort.Enable": "INPUTC_RAW",
      "Network.FTP.Enable": "INPUTC_FTP",
      "Network.SNMP.V1V2cEnable": "INPUTC_SNMPV1V2C",
      "Network.SNMP.ReadCommunity": "INPUTT_READCOMMUNITY",
      "Network.SNMP.WriteCommunity": "INPUTT_WRITECOMMUNITY",
      "Network.SNMP.V3Enable": "INPUTC_SNMPV3",
    },
    english: {
      "Network.mDNS.Enable": "Use Bonjour",
      "Network.SLP.Enable": "Enable SLP",
      "Network.WSD.Enable": "Enable WSD",
      "Network.IPP.Enable": "Enable IPP",
      "Network.LPD.Enable": "Allow LPR Port Printing",
      "Network.RawPort.Enable": "Allow RAW(Port9100) Printing",
      "Network.FTP.Enable": "Enable FTP Server",
      "Network.SNMP.V1V2cEnable": "Enable SNMPv1/v2c",
      "Network.SNMP.ReadCommunity": "Community Name (Read Only)",
      "Network.SNMP.WriteCommunity": "Community Name (Read/Write)",
      "Network.SNMP.V3Enable": "Enable SNMPv3",
    },
  },
  {
    path: "/PRESENTATION/ADVANCED/ADMIN_CTINFO",
    title: topics.identity,
    control: boxes,
    fields: { "General.SystemContact": "INPUTT_CONTACT" },
    english: { "General.SystemContact": "Administrator Name/Contact Information" },
  },
  {
    path: "/PRESENTATION/ADVANCED/SYS_ENASAVE",
    title: topics.printing,
    control: boxes,
    fields: { "Settings.Print.SleepDelay": "INPUTT_SLEEPTIMER" },
    english: { "Settings.Print.SleepDelay": "Sleep Timer (Minutes)" },
  },
  {
    path: "/PRESENTATION/ADVANCED/PRINTER_ERROR",
    title: topics.printing,
    control: lists,
    fields: { "Settings.Print.AutoContinue": "INPUTR_AUTOSOLVE" },
    english: { "Settings.Print.AutoContinue": "Auto Error Solver" },
  },
  {
    path: "/PRESENTATION/ADVANCED/PRINTER_UNIVERSAL",
    title: topics.printing,
    control: lists,
    fields: {
      "Settings.Print.Copies": "INPUTT_NUMOFCOPY",
      "Settings.PCL.FontNumber": "INPUTT_FONTNUMBER",
      "Settings.PCL.SymbolSet": "INPUTD_SYMBOLSET",
      "Settings.PS.PrintErrorPage": "INPUTR_PS3ERRORSHEET",
    },
  },
];

/** Status pages without login: labels as real printers have them. */
const networkStatus = [
  ["Device Name", "General.PrinterName"],
  ["Primary DNS Server", "Network.DNS.PrimaryServer"],
  ["Secondary DNS Server", "Network.DNS.SecondaryServer"],
  ["DNS Domain Name", "Network.DNS.DomainName"],
  ["Register the network interface address to DNS", "Network.DNS.DynamicUpdateEnable"],
  ["IPv6 Setting", "Network.TCPIP.IPv6Enable"],
] as const;

/**
 * Epson's Web Config: a posted login whose answer sets `EPSON_COOKIE_SESSION`; every form carries `INPUTT_SETUPTOKEN`.
 * Too many wrong passwords: "Try again later.". Login, pages and tokens are known from public
 * clients; what the pages look like is simulated.
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

  #networkPage(request: EwsRequest): EwsAnswer {
    const rows = networkStatus
      .map(([label, setting]) => {
        const value = this.#engine.settings.get(setting);
        const [on, off] = enabled.en;
        const word = value === "true" ? on : value === "false" ? off : value;
        return `<dt>${label}&nbsp;:</dt><dd>${escapeXml(word)}</dd>`;
      })
      .join("");
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
    return html(renderPage("EPSON SIM Series", this.#languageOf(request), "Logged in"), cookie);
  }

  /** The cookie decides, but on printers that pass it over. */
  #languageOf(request: EwsRequest): Language {
    const isForced = this.#engine.failures.find("language", request) !== undefined;
    const wantsEnglish = request.cookies.get(languageCookie)?.startsWith("lang_b&1") === true;
    return wantsEnglish && !isForced ? "en" : this.#engine.languageFor(request);
  }

  #page(request: EwsRequest, body: string): EwsAnswer {
    return html(renderPage("EPSON SIM Series", this.#languageOf(request), body));
  }

  #show(request: EwsRequest, section: Section): EwsAnswer {
    if (!this.#isAdmin(request)) return redirect(`${loginPath}/TOP`);
    const hidden = { INPUTT_SETUPTOKEN: this.#tokens.issue() };
    const language = this.#languageOf(request);
    const parts = { action: `${section.path}/SET`, name: "input_form", hidden, language };
    return this.#page(request, renderForm(this.#engine, request, section, section.control, parts));
  }

  #save(request: EwsRequest, section: Section): EwsAnswer {
    if (!this.#isAdmin(request)) return redirect(`${loginPath}/TOP`);
    const form = readFormBody(request);
    const { changes, missing } = readForm(this.#engine, section, form, section.control);
    if (!this.#tokens.spend(form.get("INPUTT_SETUPTOKEN")) || missing.length > 0)
      return this.#page(request, "<p class='error'>Setup failed. Open the page again.</p>");
    const { outcome } = this.#engine.apply(changes, request);
    if (outcome === "busy")
      return this.#page(request, "<p class='error'>The printer is in use.</p>");
    return this.#page(
      request,
      outcome === "done"
        ? complete[this.#languageOf(request)]
        : "<p class='error'>Setup failed.</p>",
    );
  }

  #logout({ cookies }: EwsRequest): EwsAnswer {
    this.#sessions.close(cookies.get(cookieName));
    return redirect(`${loginPath}/TOP`);
  }
}
