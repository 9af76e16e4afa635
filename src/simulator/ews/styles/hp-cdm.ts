import {
  type DocumentFields,
  changesOf,
  jsonOfTree,
  readJsonLeaves,
  settingsTree,
} from "../data-tree.ts";
import type { EwsEngine } from "../engine.ts";
import type { EwsSite } from "../ews-site.ts";
import { type EwsAnswer, type EwsRequest, json, plain, readFormBody } from "../web-message.ts";

/** Names of the first three are documented; members partly. */
const documents: Readonly<Record<string, DocumentFields>> = {
  "/cdm/network/v1/snmpConfig": {
    "snmpV1V2Config/enabled": "Network.SNMP.V1V2cEnable",
    "snmpV1V2Config/readOnlyCommunity": "Network.SNMP.ReadCommunity",
    "snmpV3Config/enabled": "Network.SNMP.V3Enable",
  },
  "/cdm/network/v1/printServices": {
    "lpd/enabled": "Network.LPD.Enable",
    "port9100/enabled": "Network.RawPort.Enable",
    "ftp/enabled": "Network.FTP.Enable",
  },
  "/cdm/system/v1/configuration": {
    deviceName: "General.PrinterName",
    deviceLocation: "General.SystemLocation",
    assetNumber: "General.AssetTag",
    "clock/source": "Network.Time.Source",
    "clock/timeServer": "Network.Time.NTPServer1",
  },
  "/cdm/power/v1/configuration": { sleepTimeout: "Settings.Print.SleepDelay" },
};

const tokenPath = "/cdm/oauth2/v1/token";

/**
 * HP's CDM: JSON anybody may read, flags as the texts `true` and `false`; changes are a PATCH of some members with a
 * bearer token. Reading is documented; how the token is got and the PATCH are hearsay, simulated.
 */
export function hpCdmStyle(engine: EwsEngine): EwsSite {
  const sessions = engine.sessions();
  const gate = engine.passwordGate();
  const bearer = ({ headers }: EwsRequest): string | undefined =>
    /^Bearer (\w{1,64})$/.exec(headers.authorization ?? "")?.[1];

  function grant(request: EwsRequest): EwsAnswer {
    const form = readFormBody(request);
    const isRight =
      form.get("grant_type") === "password" &&
      form.get("username") === engine.credential.username &&
      gate.try(form.get("password")) === "accepted";
    const token = isRight ? sessions.open() : undefined;
    if (token === undefined) return { ...json({ error: "invalid_grant" }), status: 400 };
    return json({ access_token: token, token_type: "Bearer", expires_in: 300 });
  }

  function revoke(request: EwsRequest): EwsAnswer {
    sessions.close(bearer(request));
    return json({});
  }

  function patch(request: EwsRequest, fields: DocumentFields): EwsAnswer {
    if (!sessions.isOpen(bearer(request)))
      return plain(401, "Unauthorized", { "WWW-Authenticate": 'Bearer realm="cdm"' });
    const leaves = readJsonLeaves(request.body);
    const changes = leaves === undefined ? undefined : changesOf(engine, fields, leaves);
    if (changes === undefined) return plain(400, "Bad Request");
    const { outcome } = engine.apply(changes, request);
    if (outcome === "done") return json({});
    return outcome === "refused" ? plain(422, "Unprocessable value") : plain(503, "Busy");
  }

  return {
    routes: new Map([
      [`POST ${tokenPath}`, grant],
      ["POST /cdm/oauth2/v1/revoke", revoke],
      ...Object.entries(documents).flatMap(([path, fields]) => [
        [
          `GET ${path}`,
          () => json({ version: "1.0.0", ...jsonOfTree(settingsTree(engine, fields)) }),
        ] as const,
        [`PATCH ${path}`, (request: EwsRequest) => patch(request, fields)] as const,
      ]),
    ]),
  };
}
