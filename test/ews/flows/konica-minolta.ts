import { ewsStyles } from "../../../src/simulator/ews/styles.ts";
import { type MakerFlow, pageValue, timeServer } from "./maker-flow.ts";

const page = "/wcd/a_system_time.xml";
const item = { css: "Message Item" } as const;
const fiveMinutes = 300_000;

/** Konica Minolta, classic: cookies of a browser, outcomes as message items, one administrator, three wrong passwords. */
export const konicaMinoltaFlow: MakerFlow = {
  style: ewsStyles["konica-minolta"],
  ...timeServer,
  profile: {
    cookies: {
      vm: "Html",
      uatype: "NN",
      lang: "En",
      selno: "En",
      bm: "Low",
      usr: "S_CON",
      favmode: "false",
    },
    login: {
      kind: "steps",
      steps: [
        { kind: "request", method: "GET", path: "/wcd/top.xml" },
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
          busy: [{ body: "AdminActiveJobLoginError" }],
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
      lockout: { attempts: 3, forMs: fiveMinutes },
    },
  },
  read: pageValue(page, { xpath: "/MFP/System/Time/NtpServer" }, { needsLogin: true }),
  write: {
    needsLogin: true,
    steps: (to) => [
      {
        kind: "request",
        method: "GET",
        path: page,
        failure: [{ found: item }],
        remember: { token: { xpath: "/MFP/Token" }, source: { xpath: "/MFP/System/Time/Source" } },
      },
      {
        kind: "request",
        method: "POST",
        path: "/wcd/a_user.cgi",
        body: {
          kind: "form",
          fields: [
            ["func", "PSL_AS_NTP"],
            ["h_token", { remembered: "token" }],
            ["System_Time_Source", { remembered: "source" }],
            ["System_Time_NtpServer", to],
          ],
        },
        busy: [{ body: "DeviceBusyError" }],
        success: { found: { css: "Item", attribute: "Code" }, equals: "Ok_1" },
      },
    ],
  },
  hasTokens: true,
  logout: "POST /wcd/a_user.cgi",
};
