import { ewsStyles } from "../../../src/simulator/ews/styles.ts";
import { type MakerFlow, pageValue, timeServer } from "./maker-flow.ts";

const settings = "/wcd/api/AppReqGetCustomData/_A-00-00001";

/** Konica Minolta, i-Series: JSON with a rotating token that every answer renews; logged in and out as the classic pages are. */
export const konicaMinoltaApiFlow: MakerFlow = {
  style: ewsStyles["konica-minolta-api"],
  ...timeServer,
  profile: {
    login: {
      kind: "steps",
      steps: [
        { kind: "request", method: "GET", path: "/wcd/index.html" },
        {
          kind: "request",
          method: "POST",
          path: "/wcd/login.cgi",
          body: {
            kind: "form",
            fields: [
              ["func", "PSL_LP1_LOG"],
              ["R_ADM", "AdminAdmin"],
              ["username", ""],
              ["password", { credential: "password" }],
            ],
          },
          busy: [{ body: "AdminActiveJobLoginError|AdminAnotherLoginError" }],
          success: { body: "a_system_counter" },
        },
      ],
      logout: [
        {
          kind: "request",
          method: "POST",
          path: "/wcd/a_user.cgi",
          body: { kind: "form", fields: [["func", "PSL_ACO_LGO"]] },
        },
      ],
      lockout: { attempts: 3, forMs: 300_000 },
    },
  },
  read: pageValue(
    settings,
    { json: "$.MFP.CustomData.TimeSetting.NTP.Server" },
    { needsLogin: true },
  ),
  write: {
    needsLogin: true,
    steps: (to) => [
      {
        kind: "request",
        method: "GET",
        path: settings,
        remember: { token: { json: "$.MFP.Token" } },
        success: { found: { json: "$.MFP.Result.ResultInfo" }, equals: "Ack" },
      },
      {
        kind: "request",
        method: "POST",
        path: "/wcd/api/AppReqSetCustomMessage/_A-00-00001",
        body: {
          kind: "json",
          json: {
            func: "PSL_A_CUSTOM",
            h_token: { given: { remembered: "token" } },
            TimeSetting_NTP_Server: to,
          },
        },
        busy: [{ body: "DeviceBusyError" }],
        success: { found: { json: "$.MFP.Message.Item['@Code']" }, equals: "Ok_1" },
      },
    ],
  },
  hasTokens: true,
  logout: "POST /wcd/a_user.cgi",
};
