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

/** Names and members as public programs use them. */
const documents: Readonly<Record<string, DocumentFields>> = {
  "/cdm/network/v1/snmpConfig": {
    "snmpV1V2Config/enabled": "Network.SNMP.V1V2cEnable",
    "snmpV1V2Config/readOnlyCommunityName": "Network.SNMP.ReadCommunity",
    "snmpV1V2Config/writeOnlyCommunityName": "Network.SNMP.WriteCommunity",
    "snmpV3Config/enabled": "Network.SNMP.V3Enable",
  },
  "/cdm/network/v1/snmpTrapConfig": { enabled: "Network.SNMP.TrapEnable" },
  "/cdm/network/v1/printServices": {
    "lpdPrint/enabled": "Network.LPD.Enable",
    "port9100/enabled": "Network.RawPort.Enable",
    "ftpPrint/enabled": "Network.FTP.Enable",
  },
  "/cdm/network/v1/nameResolverServices": {
    "wins/primaryServer": "Network.WINS.PrimaryServer",
    "wins/secondaryServer": "Network.WINS.SecondaryServer",
  },
  "/cdm/system/v1/configuration": { assetNumber: "General.AssetTag" },
  "/cdm/clock/v1/configuration": {
    ntpServer: "Network.Time.NTPServer1",
    dstEnabled: "Network.Time.DaylightSavingEnable",
  },
  "/cdm/power/v1/configuration": { sleepTimeout: "Settings.Print.SleepDelay" },
};

const identity = {
  version: "1.0.0",
  manufacturer: "HP",
  makeAndModel: { base: "HP SIM CDM", name: "HP SIM CDM" },
  serialNumber: "SIMCDM0001",
  firmwareVersion: "SIM001",
  deviceUuid: "00000000-0000-4000-8000-000000000001",
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
    // Some clients send the whole document back, which is taken, too.
    const leaves = readJsonLeaves(request.body);
    const wanted = [...(leaves ?? [])].filter(([name]) => name !== "version");
    const changes = changesOf(engine, fields, new Map(wanted));
    if (leaves === undefined || changes === undefined) return plain(400, "Bad Request");
    const { outcome } = engine.apply(changes, request);
    if (outcome === "done") return json({});
    return outcome === "refused" ? plain(422, "Unprocessable value") : plain(503, "Busy");
  }

  return {
    routes: new Map([
      ["GET /cdm/system/v1/identity", () => json(identity)],
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
