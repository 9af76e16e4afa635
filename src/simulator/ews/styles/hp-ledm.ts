import {
  type DocumentFields,
  changesOf,
  formatXmlTree,
  readXmlLeaves,
  settingsTree,
} from "../data-tree.ts";
import type { EwsEngine } from "../engine.ts";
import type { EwsSite } from "../ews-site.ts";
import { type EwsAnswer, type EwsRequest, plain, xml } from "../web-message.ts";

const flags = { on: "enabled", off: "disabled" } as const;

/** Documents whose names are documented; the places within are simulated. */
const documents: Readonly<Record<string, DocumentFields>> = {
  "/DevMgmt/ProductConfigDyn.xml": {
    "ProductInformation/UserConfigurable/DeviceName": "General.PrinterName",
    "ProductInformation/UserConfigurable/DeviceLocation": "General.SystemLocation",
    "ProductInformation/UserConfigurable/AssetNumber": "General.AssetTag",
    "ProductSettings/TimeSource": "Network.Time.Source",
    "ProductSettings/NTPServer": "Network.Time.NTPServer1",
  },
  "/DevMgmt/IOConfigDyn.xml": {
    "IPv4/PrimaryDNS": "Network.DNS.PrimaryServer",
    "IPv4/PrimaryWINS": "Network.WINS.PrimaryServer",
    "ApplicationSupport/LPD": "Network.LPD.Enable",
    "ApplicationSupport/Port9100": "Network.RawPort.Enable",
    "ApplicationSupport/FTP": "Network.FTP.Enable",
  },
  "/DevMgmt/PrintConfigDyn.xml": {
    "PrintSettings/Copies": "Settings.Print.Copies",
    "PrintSettings/PCL/FontNumber": "Settings.PCL.FontNumber",
    "PrintSettings/PostScript/PrintErrors": "Settings.PS.PrintErrorPage",
  },
};

/**
 * HP's LEDM: XML documents anybody may read; a partial document is PUT with Basic authentication. Documents and
 * authentication are documented, writing is hearsay, simulated.
 */
export function hpLedmStyle(engine: EwsEngine): EwsSite {
  const { username, password } = engine.credential;
  const expected = `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;

  function write(request: EwsRequest, fields: DocumentFields): EwsAnswer {
    if (request.headers.authorization !== expected)
      return plain(401, "Unauthorized", { "WWW-Authenticate": 'Basic realm="EWS"' });
    const leaves = readXmlLeaves(request.body);
    const changes = leaves === undefined ? undefined : changesOf(engine, fields, leaves, flags);
    if (changes === undefined) return plain(400, "Bad Request");
    const { outcome } = engine.apply(changes, request);
    if (outcome === "done") return plain(200, "");
    return outcome === "refused" ? plain(400, "Invalid value") : plain(503, "Busy");
  }

  return {
    routes: new Map(
      Object.entries(documents).flatMap(
        ([path, fields]) =>
          [
            [
              `GET ${path}`,
              () => xml(format(path, formatXmlTree(settingsTree(engine, fields, flags), "dd:"))),
            ],
            [`PUT ${path}`, (request: EwsRequest) => write(request, fields)] as const,
          ] as const,
      ),
    ),
  };
}

/** The document with the root its name gives it: `ProductConfigDyn`. */
function format(path: string, content: string): string {
  const root = path.slice(path.lastIndexOf("/") + 1, -".xml".length);
  return `<?xml version="1.0" encoding="UTF-8"?>
<d:${root} xmlns:d="http://www.hp.com/schemas/imaging/con/ledm/${root.toLowerCase()}" xmlns:dd="http://www.hp.com/schemas/imaging/con/dictionaries/1.0/">${content}</d:${root}>`;
}
