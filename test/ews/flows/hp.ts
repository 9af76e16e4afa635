import { ewsStyles } from "../../../src/simulator/ews/styles.ts";
import { type MakerFlow, english, pageValue, timeServer, timeServerLabel } from "./maker-flow.ts";

const signIn = "/hp/device/SignIn/Index";
const signOut = "/hp/device/SignOut/Index";
const page = "/hp/device/DateTime";
const dyn = "/DevMgmt/ProductConfigDyn.xml";

/** HP FutureSmart: cookie and hidden token before the login; the name of the user shows that it worked. */
export const hpFutureSmartFlow: MakerFlow = {
  style: ewsStyles["hp-futuresmart"],
  ...timeServer,
  profile: {
    headers: english,
    login: {
      kind: "steps",
      steps: [
        {
          kind: "form",
          page: signIn,
          fields: [
            { at: { name: "agentIdSelect" }, set: { value: "hp_EmbeddedPin_v1" } },
            { at: { name: "PinDropDown" }, set: { value: "AdminItem" } },
            { at: { name: "PasswordTextBox" }, set: { value: { credential: "password" } } },
          ],
          press: "signInOk",
          success: { body: "User: admin" },
        },
      ],
      logout: [{ kind: "request", method: "GET", path: signOut }],
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
        busy: [{ body: "The device is busy" }],
        failure: [{ found: { css: "#Summary.message-error" } }],
        success: { found: { css: "#Summary" } },
      },
    ],
  },
  hasTokens: true,
  logout: `GET ${signOut}`,
};

/** HP LEDM: documents anybody may read, the changed branch is PUT with Basic. */
export const hpLedmFlow: MakerFlow = {
  style: ewsStyles["hp-ledm"],
  ...timeServer,
  profile: { login: { kind: "basic" } },
  read: pageValue(dyn, { xpath: "//ProductSettings/NTPServer" }),
  write: {
    needsLogin: true,
    steps: (to) => [
      {
        kind: "document",
        page: dyn,
        method: "PUT",
        set: [{ at: "/ProductConfigDyn/ProductSettings/NTPServer", to }],
        send: "changed",
        busy: [{ status: [503] }],
      },
    ],
  },
  hasTokens: false,
};

const token = "/cdm/oauth2/v1/token";
const clock = "/cdm/clock/v1/configuration";

/** HP CDM: JSON anybody may read; changed members are PATCHed with a bearer token that is got by a post. */
export const hpCdmFlow: MakerFlow = {
  style: ewsStyles["hp-cdm"],
  ...timeServer,
  profile: {
    login: {
      kind: "steps",
      steps: [
        {
          kind: "request",
          method: "POST",
          path: token,
          body: {
            kind: "form",
            fields: [
              ["grant_type", "password"],
              ["username", { credential: "username" }],
              ["password", { credential: "password" }],
            ],
          },
          remember: { bearer: { json: "$.access_token" } },
          success: { found: { json: "$.access_token" } },
        },
      ],
      headers: { Authorization: { remembered: "bearer", prefix: "Bearer " } },
      logout: [{ kind: "request", method: "POST", path: "/cdm/oauth2/v1/revoke" }],
    },
  },
  read: pageValue(clock, { json: "$.ntpServer" }),
  write: {
    needsLogin: true,
    steps: (to) => [
      {
        kind: "document",
        page: clock,
        method: "PATCH",
        set: [{ at: "$.ntpServer", to }],
        send: "changed",
        busy: [{ status: [503] }],
      },
    ],
  },
  hasTokens: false,
  logout: "POST /cdm/oauth2/v1/revoke",
};
