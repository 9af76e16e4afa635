import { ewsStyles } from "../../../src/simulator/ews/styles.ts";
import { type MakerFlow, english, pageValue, timeServer, timeServerLabel } from "./maker-flow.ts";

const page = "/m_network_sntp_edit.html";

/** Canon LBP and MF: numbered fields, found by label; a sentence tells that session or token are no longer good. */
export const canonFlow: MakerFlow = {
  style: ewsStyles.canon,
  ...timeServer,
  profile: {
    headers: english,
    login: {
      kind: "steps",
      steps: [
        {
          kind: "form",
          page: "/login.html",
          fields: [
            { at: { name: "i0014" }, set: { value: { credential: "username" } } },
            { at: { name: "i0016" }, set: { value: { credential: "password" } } },
          ],
          success: { cookie: "sessid" },
        },
      ],
      logout: [{ kind: "request", method: "GET", path: "/logout.cgi" }],
    },
  },
  read: pageValue(page, { label: timeServerLabel }, { needsLogin: true }),
  write: {
    needsLogin: true,
    steps: (to) => [
      {
        kind: "form",
        page,
        fields: [{ at: { label: timeServerLabel }, set: { value: to } }],
        busy: [{ body: "machine is in use" }],
        failure: [
          { body: "certification has been updated or has expired" },
          { found: { css: ".error" } },
        ],
      },
    ],
  },
  hasTokens: true,
  logout: "GET /logout.cgi",
};
