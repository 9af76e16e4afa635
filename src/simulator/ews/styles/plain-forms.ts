import { DigestServer } from "../../../cwmp/http/digest-server.ts";
import type { EwsEngine } from "../engine.ts";
import type { EwsSite, EwsStyle } from "../ews-site.ts";
import { type SettingsPage, readForm, renderForm, renderPage, topics } from "../settings-page.ts";
import { type EwsAnswer, type EwsRequest, html, plain, readFormBody } from "../web-message.ts";

const control = { layout: "table" } as const;
const realm = "printer";

/** Pages of nobody in particular. */
const commonPages: readonly SettingsPage[] = [
  {
    path: "/settings/device.html",
    title: topics.identity,
    fields: {
      "General.PrinterName": "name",
      "General.SystemLocation": "location",
      "General.SystemContact": "contact",
    },
  },
  {
    path: "/settings/network.html",
    title: topics.dns,
    fields: {
      "Network.DNS.PrimaryServer": "dns1",
      "Network.DNS.DomainName": "domain",
      "Network.WINS.PrimaryServer": "wins1",
      "Network.LPD.Enable": "lpd",
      "Network.RawPort.Enable": "raw",
    },
  },
];

/**
 * Xerox Phaser and WorkCentre of the EWS-NIC5 engine (Dell as well): Basic authentication, forms posted to themselves with
 * numbers for names. Server and port of SNTP and SMTP are documented by a public configuration script, the rest simulated.
 */
const numberedPages: readonly SettingsPage[] = [
  {
    path: "/setting/setsntp.htm",
    title: topics.time,
    fields: { "Network.Time.Source": "103016", "Network.Time.NTPServer1": "104601" },
  },
  {
    path: "/setting/setemail.htm",
    title: topics.email,
    fields: { "Network.SMTP.ServerAddress": "104002", "Network.SMTP.Port": "104006" },
  },
];

/** Forms behind no login, Basic or Digest, without tokens: saved with 200, refused with 200 and class `error`. */
function plainForms(
  engine: EwsEngine,
  pages: readonly SettingsPage[],
  login: "none" | "basic" | "digest",
): EwsSite {
  const digest = new DigestServer({ realm, clock: engine.clock });
  const { username, password } = engine.credential;
  const basic = `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;

  /** The challenge for who may not pass. */
  function challenge({ headers, method, target }: EwsRequest): EwsAnswer | undefined {
    const { authorization } = headers;
    if (login === "none" || (login === "basic" && authorization === basic)) return undefined;
    if (login === "basic") return unauthorized(`Basic realm="${realm}"`);
    const verdict = digest.verify(authorization, {
      method,
      target,
      scope: "ews",
      username,
      password,
    });
    return verdict === "accepted"
      ? undefined
      : unauthorized(digest.challenge("ews", verdict === "stale"));
  }

  function show(request: EwsRequest, page: SettingsPage, text = ""): EwsAnswer {
    const parts = { action: page.path, name: "settings", hidden: {} };
    const form = renderForm(engine, request, page, control, parts);
    return html(renderPage("Printer SIM", engine.languageFor(request), text + form));
  }

  function save(request: EwsRequest, page: SettingsPage): EwsAnswer {
    const { changes, missing } = readForm(engine, page, readFormBody(request), {});
    const { outcome } = missing.length > 0 ? refused : engine.apply(changes, request);
    const text = outcome === "done" ? "<p>Saved</p>" : `<p class="error">${outcome}</p>`;
    return show(request, page, text);
  }

  return {
    routes: new Map(
      pages.flatMap((page) => [
        [
          `GET ${page.path}`,
          (request: EwsRequest) => challenge(request) ?? show(request, page),
        ] as const,
        [
          `POST ${page.path}`,
          (request: EwsRequest) => challenge(request) ?? save(request, page),
        ] as const,
      ]),
    ),
  };
}

const refused = { outcome: "refused" } as const;

function unauthorized(challenge: string): EwsAnswer {
  return plain(401, "Unauthorized", { "WWW-Authenticate": challenge });
}

/** Forms anybody may post. */
export const openFormsStyle: EwsStyle = (engine) => plainForms(engine, commonPages, "none");
/** Forms behind Basic authentication. */
export const basicFormsStyle: EwsStyle = (engine) => plainForms(engine, commonPages, "basic");
/** Forms behind Digest authentication. */
export const digestFormsStyle: EwsStyle = (engine) => plainForms(engine, commonPages, "digest");
/** Xerox's EWS-NIC5 engine. */
export const xeroxNic5Style: EwsStyle = (engine) => plainForms(engine, numberedPages, "basic");
