import { ewsStyles } from "../../../src/simulator/ews/styles.ts";
import { type MakerFlow, english, pageValue, timeServer } from "./maker-flow.ts";

const login = "/properties/authentication/login.php";
const page = "/properties/GeneralSetup/datetime.php";

/** Xerox: every post goes to one place, which says by the next address how it went. */
export const xeroxFlow: MakerFlow = {
  style: ewsStyles.xerox,
  ...timeServer,
  profile: {
    headers: english,
    login: {
      kind: "steps",
      steps: [
        {
          kind: "form",
          page: login,
          fields: [
            { at: { name: "frmwebUsername" }, set: { value: { credential: "username" } } },
            { at: { name: "frmwebPassword" }, set: { value: { credential: "password" } } },
          ],
          failure: [{ url: "invalid=t|authStatus=0" }],
          success: { url: "luidLogin\\.php" },
        },
      ],
      logout: [
        {
          kind: "form",
          page,
          fields: [],
          extra: [
            ["_fun_function", "HTTP_Logout_fn"],
            ["NextPage", login],
          ],
        },
      ],
    },
  },
  read: pageValue(page, { field: "frmNtpServer" }, { needsLogin: true }),
  write: {
    needsLogin: true,
    steps: (to) => [
      {
        kind: "form",
        page,
        fields: [{ at: { name: "frmNtpServer" }, set: { value: to } }],
        busy: [{ url: "busy=t" }],
        failure: [{ url: "invalid=t|error\\.php|login\\.php" }],
      },
    ],
  },
  hasTokens: true,
  logout: "POST /userpost/xerox.set",
};
