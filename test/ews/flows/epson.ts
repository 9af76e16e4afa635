import { ewsStyles } from "../../../src/simulator/ews/styles.ts";
import { type MakerFlow, english, pageValue } from "./maker-flow.ts";

const base = "/PRESENTATION/ADVANCED";
const page = `${base}/NW_BASIC/TOP`;
const label = "DNS Domain Name";

/** Epson: a form login that sets a cookie, and a set-up token in every form. */
export const epsonFlow: MakerFlow = {
  style: ewsStyles.epson,
  setting: "Network.DNS.DomainName",
  from: "example.net",
  to: "print.example.net",
  profile: {
    headers: english,
    login: {
      kind: "steps",
      steps: [
        {
          kind: "form",
          page: `${base}/PASSWORD/TOP`,
          fields: [
            { at: { name: "INPUTT_USERNAME" }, set: { value: { credential: "username" } } },
            { at: { name: "INPUTT_PASSWORD" }, set: { value: { credential: "password" } } },
          ],
          busy: [{ body: "Another administrator" }],
          success: { cookie: "EPSON_COOKIE_SESSION" },
        },
      ],
      logout: [{ kind: "request", method: "GET", path: `${base}/LOGOUT/TOP` }],
      lockout: { attempts: 5, forMs: 60_000 },
    },
  },
  read: pageValue(page, { label }, { needsLogin: true }),
  write: {
    needsLogin: true,
    steps: (to) => [
      {
        kind: "form",
        page,
        fields: [{ at: { label }, set: { value: to } }],
        busy: [{ body: "printer is in use" }],
        success: { body: "Setup complete" },
      },
    ],
  },
  hasTokens: true,
  logout: `GET ${base}/LOGOUT/TOP`,
};
