import type { EwsEngine } from "../engine.ts";
import type { EwsSite } from "../ews-site.ts";
import type { Language } from "../failures.ts";
import { words } from "../setting.ts";
import { type EwsAnswer, type EwsRequest, json } from "../web-message.ts";

const colours = {
  Black: words("Black Toner", "Toner Schwarz", "Tóner negro"),
  Cyan: words("Cyan Toner", "Toner Cyan", "Tóner cian"),
} as const;

/**
 * Lexmark's webglue, read only: names of supplies, which are the keys as well, are in the language asked for by `lang`.
 * Documented form, simulated.
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
        HostName: { text: { text: engine.settings.get("General.PrinterName") } },
        Location: { text: { text: engine.settings.get("General.SystemLocation") } },
      },
    };
    return json({ nodes, lang: language satisfies Language });
  }

  return { routes: new Map([["GET /webglue/rawcontent", rawContent]]) };
}

function supply(color: string, supplyName: string): readonly [string, object] {
  const level = { percentFull: 63, curlevel: 6_300, capacity: 10_000, maxCapacityPages: 10_000 };
  return [
    supplyName,
    { color, supplyName, ...level, partNumber: `SIM-${color}`, serialNumber: "S1" },
  ];
}
