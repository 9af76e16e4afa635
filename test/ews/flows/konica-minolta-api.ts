import type { RequestStep } from "../../../src/southbound/exchange.ts";
import { ewsStyles } from "../../../src/simulator/ews/styles.ts";
import { type MakerFlow, pageValue, timeServer } from "./maker-flow.ts";

const result = { json: "$.MFP.Result.ResultInfo" } as const;
const error = { json: "$.MFP.ErrorInfo" } as const;

/** One call: the token of the answer before goes out, that of this answer is kept. */
function call(name: string, members: Readonly<Record<string, unknown>> = {}): RequestStep {
  const token = { given: { remembered: "token" } };
  return {
    kind: "request",
    method: "POST",
    path: `/wcd/api/${name}`,
    body: { kind: "json", json: { MFP: { Token: token, ...members } } },
    remember: { token: { json: "$.MFP.Token" } },
    busy: ["DeviceBusyError", "AdminActiveJobLoginError"].map((equals) => ({
      found: error,
      equals,
    })),
    success: { found: result, equals: "Ack" },
  };
}

/** Konica Minolta, i-Series: JSON with a rotating token, Ack or Nack in every answer. */
export const konicaMinoltaApiFlow: MakerFlow = {
  style: ewsStyles["konica-minolta-api"],
  ...timeServer,
  profile: {
    login: {
      kind: "steps",
      steps: [
        {
          kind: "request",
          method: "GET",
          path: "/wcd/index.html",
          remember: { token: { js: "Token" } },
        },
        call("AppReqLogin", {
          UserName: { given: { credential: "username" } },
          Password: { given: { credential: "password" } },
        }),
      ],
      logout: [call("AppReqLogout")],
      lockout: { attempts: 3, forMs: 300_000 },
    },
  },
  read: pageValue(
    "AppReqGetCustomData",
    { json: "$.MFP.CustomData.TimeSetting.NTP.Server" },
    {
      needsLogin: true,
      request: {
        path: "/wcd/api/AppReqGetCustomData/_A-00-00001",
        method: "POST",
        body: {
          type: "application/json",
          text: '{"MFP":{"Token":"{token}"}}',
          remembered: ["token"],
        },
      },
      remember: { token: { json: "$.MFP.Token" } },
    },
  ),
  write: {
    needsLogin: true,
    steps: (to) => [
      call("AppReqSetCustomData/_A-00-00001", {
        CustomData: { TimeSetting: { NTP: { Server: to } } },
      }),
    ],
  },
  hasTokens: true,
  logout: "POST /wcd/api/AppReqLogout",
};
