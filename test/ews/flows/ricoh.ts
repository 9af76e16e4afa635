import { ewsStyles } from "../../../src/simulator/ews/styles.ts";
import { type MakerFlow, pageValue, timeServer } from "./maker-flow.ts";

const archive = "/web/guest/en/websys/webArch";
const page = "/web/entry/en/websys/config/getSntp.cgi";
const logout = "/web/entry/en/websys/webArch/logout.cgi";

/** Ricoh: name and password as base64, a token on every page, outcome in `returnValue`, which the list page lacks. */
export const ricohFlow: MakerFlow = {
  style: ewsStyles.ricoh,
  ...timeServer,
  profile: {
    login: {
      kind: "steps",
      steps: [
        {
          kind: "form",
          page: `${archive}/authForm.cgi`,
          fields: [
            {
              at: { name: "userid" },
              set: { value: { credential: "username", encode: "base64" } },
            },
            {
              at: { name: "password" },
              set: { value: { credential: "password", encode: "base64" } },
            },
          ],
          success: { status: [302] },
        },
      ],
      logout: [{ kind: "request", method: "GET", path: logout }],
    },
  },
  read: pageValue(page, { field: "sntpServerName" }, { needsLogin: true }),
  write: {
    needsLogin: true,
    steps: (to) => [
      {
        kind: "form",
        page,
        fields: [{ at: { name: "sntpServerName" }, set: { value: to } }],
        busy: [{ body: "^\\s*BUSY\\s*$" }],
        failure: [{ found: { css: ".errorMessage" } }],
        success: { found: { field: "returnValue" }, equals: "SUCCESS" },
      },
    ],
  },
  hasTokens: true,
  logout: `GET ${logout}`,
};
