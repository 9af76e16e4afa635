import { ewsStyles } from "../../../src/simulator/ews/styles.ts";
import { type MakerFlow, english, pageValue, timeServer, timeServerLabel } from "./maker-flow.ts";

const status = "/general/status.html";
const page = "/general/datetime.html";

/** Brother: the password field is found by its id, everything else by label; failure is a class in a page of 200. */
export const brotherFlow: MakerFlow = {
  style: ewsStyles.brother,
  ...timeServer,
  profile: {
    headers: english,
    login: {
      kind: "steps",
      steps: [
        {
          kind: "form",
          page: status,
          fields: [{ at: { css: "#LogBox" }, set: { value: { credential: "password" } } }],
          success: { cookie: "AuthCookie" },
        },
      ],
      logout: [{ kind: "form", page: status, form: "form:has([name=logout])", fields: [] }],
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
        busy: [{ body: "device is in use" }],
        failure: [{ found: { css: ".postError" } }, { found: { css: "#LogBox" } }],
      },
    ],
  },
  hasTokens: true,
  logout: `POST ${status}`,
};
