import type { EwsEngine } from "../engine.ts";
import type { EwsSite, EwsStyle } from "../ews-site.ts";
import type { EwsSessions, OneTimeTokens, PasswordGate } from "../sessions.ts";
import { type SettingsPage, readForm, topics } from "../settings-page.ts";
import {
  type EwsAnswer,
  type EwsRequest,
  type EwsRoutes,
  document,
  html,
  readFormBody,
} from "../web-message.ts";

const modes = { on: "_mode_on", off: "_mode_off" } as const;
const startPage = "/startwlm/Start_Wlm.htm";

/** A page with its setter; `path` is the part that page, model and Referer have in common. */
interface Section extends SettingsPage {
  readonly func: string;
  /** What flags are called; `_mode_on` and `_mode_off` on most pages. */
  readonly flags?: { readonly on: string; readonly off: string };
}

/** Email and notification are documented with the names of their values; setters and the other pages follow the pattern. */
const sections: readonly Section[] = [
  {
    path: "funcset/email/FuncSet_Email_EmailSet",
    title: topics.email,
    func: "setEmailSettings",
    fields: {
      "Network.SMTP.Enable": "smtpMode",
      "Network.SMTP.ServerAddress": "smtpServerName",
      "Network.SMTP.Port": "smtpPortNo",
      "Network.SMTP.SenderAddress": "senderAddress",
      "Network.SMTP.Password": "smtpPassword",
    },
  },
  {
    path: "mngset/nfcrptset/MngSet_NfcRpt_NfcRptSet",
    title: topics.alerts,
    func: "setNotification",
    flags: { on: "1", off: "0" },
    fields: {
      "Settings.EmailAlert.Recipient.1.Address": "evtSch1Address",
      "Settings.EmailAlert.Recipient.1.SupplyLow": "evtSch1LowToner",
    },
  },
  {
    path: "netset/protocol/NetSet_Protocol",
    title: topics.protocols,
    func: "setProtocolSettings",
    fields: {
      "Network.FTP.Enable": "ftpServerMode",
      "Network.HTTP.Enable": "httpMode",
      "Network.HTTP.HTTPSEnable": "httpsMode",
      "Network.LPD.Enable": "lpdMode",
      "Network.RawPort.Enable": "rawPortMode",
      "Network.SNMP.V1V2cEnable": "snmpv1v2cMode",
      "Network.SNMP.V3Enable": "snmpv3Mode",
    },
  },
  {
    path: "mngset/snmp/MngSet_Snmp",
    title: topics.snmp,
    func: "setSnmpSettings",
    fields: {
      "Network.SNMP.ReadCommunity": "readCommunity",
      "Network.SNMP.WriteCommunity": "writeCommunity",
      "Network.SNMP.TrapEnable": "trapMode",
      "General.SystemLocation": "sysLocation",
      "General.SystemContact": "sysContact",
    },
  },
  {
    path: "dvcset/datetime/DvcSet_DateTime",
    title: topics.time,
    func: "setDateTime",
    fields: {
      "Network.Time.Source": "timeSource",
      "Network.Time.NTPServer1": "timeServer",
      "Network.Time.TimeZone": "timeZone",
      "Network.Time.DaylightSavingEnable": "summerTime",
    },
  },
  {
    path: "funcset/printer/FuncSet_Printer",
    title: topics.printing,
    func: "setPrinterSettings",
    fields: {
      "Settings.PCL.FontNumber": "pclFontNo",
      "Settings.PCL.SymbolSet": "pclSymbolSet",
      "Settings.PCL.Sides": "duplexMode",
      "Settings.PS.PrintErrorPage": "kpdlErrReport",
      "Settings.PS.WaitTimeout": "kpdlWaitTimeout",
      "Settings.Finishing.Collate": "collateMode",
      "Settings.Finishing.PrintBlankPages": "skipBlankMode",
      "Settings.Print.SleepDelay": "sleepTimer",
    },
  },
];

const loginFields = [
  ...["arg01_UserName", "arg02_Password", "arg03_LoginType", "arg04_LoginFrom"],
  ...["arg05_AccountId", "arg06_DomainName", "okhtmfile", "failhtmfile", "hidden"],
  ...["hiddRefreshDevice", "hiddRefreshPanelUsed", "hiddRefreshPaperid", "hiddRefreshTonerid"],
  ...["hiddRefreshStapleid", "hiddnBackNavIndx"],
];

/**
 * Kyocera's Command Center RX. Data sit in scripts, `_pp.name = 'value';`, given only to browsers that come from the page
 * (Referer) with cookies `rtl` and `css`; everybody else gets a stub. The token of a post is a script variable, good once.
 * A login without its empty `hidd…` fields is refused. Documented form, simulated.
 */
export const kyoceraStyle: EwsStyle = (engine) => new KyoceraSite(engine);

class KyoceraSite implements EwsSite {
  readonly routes: EwsRoutes;
  readonly #engine: EwsEngine;
  readonly #sessions: EwsSessions;
  readonly #tokens: OneTimeTokens;
  readonly #gate: PasswordGate;

  constructor(engine: EwsEngine) {
    this.#engine = engine;
    this.#sessions = this.#engine.sessions();
    this.#tokens = this.#engine.oneTimeTokens();
    this.#gate = this.#engine.passwordGate();
    const folders = new Set(sections.map(({ path }) => path.slice(0, path.lastIndexOf("/") + 1)));
    this.routes = new Map([
      [
        `GET ${startPage}`,
        () => html("<frameset><frame src='/startwlm/Hme_DvcSts.htm'></frameset>"),
      ],
      ["POST /startwlm/login.cgi", (request: EwsRequest) => this.#login(request)],
      ["POST /startwlm/logout.cgi", (request: EwsRequest) => this.#logout(request)],
      ...sections.flatMap((section) => [
        [`GET /${section.path}.htm`, () => html("<script src='model.js'></script>")] as const,
        [
          `GET /js/jssrc/model/${section.path}.model.htm`,
          (request: EwsRequest) => this.#model(request, section),
        ] as const,
      ]),
      ...[...folders].map(
        (folder) =>
          [`POST /${folder}set.cgi`, (request: EwsRequest) => this.#set(request, folder)] as const,
      ),
    ]);
  }

  #isLoggedIn({ cookies }: EwsRequest): boolean {
    return this.#sessions.isOpen(cookies.get("ID1"));
  }

  #login(request: EwsRequest): EwsAnswer {
    const form = readFormBody(request);
    const isWhole = loginFields.every((name) => form.has(name));
    const isRight =
      form.get("func") === "authLogin" &&
      form.get("arg01_UserName") === this.#engine.credential.username &&
      this.#gate.try(form.get("arg02_Password")) === "accepted";
    const id = isWhole && isRight ? this.#sessions.open() : undefined;
    if (id === undefined) return moved(form.get("failhtmfile") ?? startPage);
    return moved(form.get("okhtmfile") ?? startPage, { "Set-Cookie": `ID1=${id}; Path=/` });
  }

  #logout({ cookies }: EwsRequest): EwsAnswer {
    this.#sessions.close(cookies.get("ID1"));
    return moved(startPage, { "Set-Cookie": "ID1=; Path=/" });
  }

  #model(request: EwsRequest, section: Section): EwsAnswer {
    const { headers, cookies } = request;
    const comesFromPage = headers.referer?.includes(`${section.path}.htm`) === true;
    const isBrowser = comesFromPage && cookies.get("rtl") === "0" && cookies.get("css") === "1";
    if (!isBrowser || !this.#isLoggedIn(request)) return script("");
    const lines = Object.entries(section.fields).map(([setting, name]) => {
      const { kind } = this.#engine.settings.definition(setting);
      const value = kind.type === "secret" ? "" : this.#engine.settings.get(setting);
      const { on, off } = section.flags ?? modes;
      return assign(name, kind.type === "flag" ? (value === "true" ? on : off) : value);
    });
    return script([...lines, assign("hiddenvalue", this.#tokens.issue())].join("\n"));
  }

  #set(request: EwsRequest, folder: string): EwsAnswer {
    const form = readFormBody(request);
    const section = sections.find(
      ({ path, func }) => path.startsWith(folder) && func === form.get("func"),
    );
    const failed = form.get("failhtmfile") ?? "";
    if (
      section === undefined ||
      !this.#isLoggedIn(request) ||
      !this.#tokens.spend(form.get("hidden"))
    )
      return moved(failed);
    const flagValues = section.flags ?? modes;
    const { changes, missing } = readForm(this.#engine, numbered(section), form, { flagValues });
    if (missing.length > 0) return moved(failed);
    const { outcome } = this.#engine.apply(changes, request);
    if (outcome === "busy") return html(`<script>alert('Device is busy');</script>`);
    return moved(outcome === "done" ? (form.get("okhtmfile") ?? "") : failed);
  }
}

/** The section with the names of its controls as they are posted: `arg01_smtpMode`. */
function numbered(section: Section): SettingsPage {
  const names = Object.entries(section.fields).map(
    ([setting, name], n) => [setting, `arg${String(n + 1).padStart(2, "0")}_${name}`] as const,
  );
  return { ...section, fields: Object.fromEntries(names) };
}

function assign(name: string, value: string): string {
  return `_pp.${name} = '${value.replace(/[\\']/g, "\\$&")}';`;
}

function script(text: string): EwsAnswer {
  return document("text/javascript; charset=UTF-8", `var _pp = new Object();\n${text}\n`);
}

/** Command Center moves on by script, always with status 200. */
function moved(page: string, headers: EwsAnswer["headers"] = {}): EwsAnswer {
  return html(`<script>location.href='${page.replace(/[^\w./-]/g, "")}';</script>`, headers);
}
