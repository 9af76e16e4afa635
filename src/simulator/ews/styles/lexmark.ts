import type { EwsEngine } from "../engine.ts";
import type { EwsSite } from "../ews-site.ts";
import { escapeXml } from "../../../cwmp/soap/xml-text.ts";
import { isRecord } from "../../../shared/json.ts";
import { parseJson } from "../data-tree.ts";
import type { Language } from "../failures.ts";
import { words } from "../setting.ts";
import {
  type EwsAnswer,
  type EwsRequest,
  html,
  json,
  plain,
  readFormBody,
} from "../web-message.ts";

const colours = {
  Black: words("Black Toner", "Toner Schwarz", "Tóner negro"),
  Cyan: words("Cyan Toner", "Toner Cyan", "Tóner cian"),
} as const;

/** The email page: number a value is shown under, name it is posted under, setting. */
const email = [
  [16_510, "EmailPrimarySmtpGateway", "Network.SMTP.ServerAddress"],
  [16_511, "EmailPrimarySmtpGatewayPort", "Network.SMTP.Port"],
] as const;

/**
 * Lexmark's webglue without an administrator: names of supplies, which are the keys as well, are in the language asked for
 * by `lang`; fields are shown under numbers and posted, one or several, under names. Documented form, simulated.
 */
export function lexmarkStyle(engine: EwsEngine): EwsSite {
  function rawContent(request: EwsRequest): EwsAnswer | undefined {
    if (request.query.get("c") !== "Status") return undefined;
    const wanted = request.query.get("lang");
    const language =
      wanted === "en" || wanted === "de" || wanted === "es" ? wanted : engine.languageFor(request);
    const nodes = {
      supplies: Object.fromEntries(
        Object.entries(colours).map(([color, names]) => supply(color, names[language])),
      ),
      nodes: {
        DeviceFirmwareLevel: { text: { text: "CXSIM.075.272" } },
        DeviceSerialNumberUnq: { text: { text: "SIM0000001" } },
        HostName: { text: { text: engine.settings.get("General.PrinterName") } },
        Location: { text: { text: engine.settings.get("General.SystemLocation") } },
      },
    };
    return json({ nodes, lang: language satisfies Language });
  }

  function emailPage({ query }: EwsRequest): EwsAnswer | undefined {
    if (query.get("c") !== "/Settings/Email") return undefined;
    const fields = email.map(
      ([id, , setting]) =>
        `<input id="setting_${id}" type="text" value="${escapeXml(engine.settings.get(setting))}">`,
    );
    return html(`<form>${fields.join("")}</form>`);
  }

  function change(request: EwsRequest): EwsAnswer | undefined {
    const form = readFormBody(request);
    const data = parseJson(form.get("data") ?? "");
    if (form.get("c") !== "Email" || !isRecord(data)) return undefined;
    const changes = new Map<string, string>();
    for (const [name, value] of Object.entries(data)) {
      const field = email.find(([, known]) => known === name);
      if (field === undefined) return json({ [name]: { status: 1 } });
      changes.set(field[2], String(value));
    }
    const { outcome } = engine.apply(changes, request);
    if (outcome === "busy") return plain(408, "Busy");
    const status = outcome === "done" ? 0 : 1;
    return json(Object.fromEntries(Object.keys(data).map((name) => [name, { status }])));
  }

  return {
    routes: new Map([
      ["GET /", () => html("<title>Lexmark SIM</title>")],
      ["GET /webglue/rawcontent", rawContent],
      ["GET /webglue/content", emailPage],
      ["POST /webglue/content", change],
    ]),
  };
}

function supply(color: string, supplyName: string): readonly [string, object] {
  const level = { percentFull: 63, curlevel: 6_300, capacity: 10_000, maxCapacityPages: 10_000 };
  return [
    supplyName,
    { color, supplyName, ...level, partNumber: `SIM-${color}`, serialNumber: "S1" },
  ];
}
