import type { Given } from "../../../src/southbound/exchange.ts";
import { ewsStyles } from "../../../src/simulator/ews/styles.ts";
import { type MakerFlow, pageValue, timeServer } from "./maker-flow.ts";

const page = "/dvcset/datetime/DvcSet_DateTime.htm";
const model = "/js/jssrc/model/dvcset/datetime/DvcSet_DateTime.model.htm";
const start = "/startwlm/Start_Wlm.htm";
const done = "/dvcset/datetime/DvcSet_Rslt.htm";
const failed = "/dvcset/datetime/DvcSet_Err.htm";

const login: readonly (readonly [string, Given])[] = [
  ["func", "authLogin"],
  ["arg01_UserName", { credential: "username" }],
  ["arg02_Password", { credential: "password" }],
  ["arg03_LoginType", "_mode_off"],
  ["arg04_LoginFrom", "_wlm_login"],
  ["arg05_AccountId", ""],
  ["arg06_DomainName", ""],
  ["okhtmfile", start],
  ["failhtmfile", start],
  ["hidden", ""],
  ["hiddRefreshDevice", "../startwlm/Hme_DvcSts.htm"],
  ["hiddRefreshPanelUsed", "../startwlm/Hme_PnlUsg.htm"],
  ["hiddRefreshPaperid", "../startwlm/Hme_Paper.htm"],
  ["hiddRefreshTonerid", "../startwlm/Hme_StplPnch.htm"],
  ["hiddRefreshStapleid", "../startwlm/Hme_Toner.htm"],
  ["hiddnBackNavIndx", "1"],
];

/** Kyocera: values and the token are script variables; what is not changed has to be remembered and sent again. */
export const kyoceraFlow: MakerFlow = {
  style: ewsStyles.kyocera,
  ...timeServer,
  profile: {
    cookies: { rtl: "0", css: "1" },
    login: {
      kind: "steps",
      steps: [
        {
          kind: "request",
          method: "POST",
          path: "/startwlm/login.cgi",
          headers: { Referer: start },
          body: { kind: "form", fields: login },
          success: { cookie: "ID1" },
        },
      ],
      logout: [{ kind: "request", method: "POST", path: "/startwlm/logout.cgi" }],
    },
  },
  read: pageValue(
    model,
    { js: "_pp.timeServer" },
    { needsLogin: true, format: "script", request: { path: model, headers: { Referer: page } } },
  ),
  write: {
    needsLogin: true,
    steps: (to) => [
      {
        kind: "request",
        method: "GET",
        path: model,
        headers: { Referer: page },
        remember: {
          token: { js: "_pp.hiddenvalue" },
          source: { js: "_pp.timeSource" },
          zone: { js: "_pp.timeZone" },
          summer: { js: "_pp.summerTime" },
        },
      },
      {
        kind: "request",
        method: "POST",
        path: "/dvcset/datetime/set.cgi",
        headers: { Referer: page },
        body: {
          kind: "form",
          fields: [
            ["func", "setDateTime"],
            ["hidden", { remembered: "token" }],
            ["arg01_timeSource", { remembered: "source" }],
            ["arg02_timeServer", to],
            ["arg03_timeZone", { remembered: "zone" }],
            ["arg04_summerTime", { remembered: "summer" }],
            ["okhtmfile", done],
            ["failhtmfile", failed],
          ],
        },
        success: { body: "DvcSet_Rslt" },
        busy: [{ body: "Device is busy" }],
      },
    ],
  },
  hasTokens: true,
  logout: "POST /startwlm/logout.cgi",
};
