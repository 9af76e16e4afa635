import { ewsStyles } from "../../../src/simulator/ews/styles.ts";
import type { WebProfile } from "../../../src/southbound/exchange.ts";
import type { EwsStyle } from "../../../src/simulator/ews/ews-site.ts";
import { type MakerFlow, english, pageValue, timeServer } from "./maker-flow.ts";

function formFlow(style: EwsStyle, login: WebProfile["login"]): MakerFlow {
  const page = "/settings/device.html";
  const needsLogin = login !== undefined;
  return {
    style,
    setting: "General.SystemLocation",
    from: "Hall 1",
    to: "Hall 2, door “B” & <C>",
    profile: { headers: english, login },
    read: pageValue(page, { label: "Location" }, { needsLogin }),
    write: {
      needsLogin,
      steps: (to) => [
        {
          kind: "form",
          page,
          fields: [{ at: { label: ["Location", "Standort"] }, set: { value: to } }],
          busy: [{ found: { css: ".error" }, equals: "busy" }],
          failure: [{ found: { css: ".error" } }],
        },
      ],
    },
    hasTokens: false,
  };
}

/** A form anybody may post. */
export const openFlow = formFlow(ewsStyles.open, undefined);
/** A form behind Basic authentication. */
export const basicFlow = formFlow(ewsStyles.basic, { kind: "basic" });
/** A form behind Digest authentication. */
export const digestFlow = formFlow(ewsStyles.digest, { kind: "digest" });

const sntp = "/setting/setsntp.htm";

/** Xerox's EWS-NIC5 engine (Phaser, WorkCentre 3615, Dell): Basic, fields with numbers for names. */
export const xeroxNic5Flow: MakerFlow = {
  style: ewsStyles["xerox-nic5"],
  ...timeServer,
  profile: { login: { kind: "basic" } },
  read: pageValue(sntp, { field: "104601" }, { needsLogin: true }),
  write: {
    needsLogin: true,
    steps: (to) => [
      {
        kind: "form",
        page: sntp,
        fields: [{ at: { name: "104601" }, set: { value: to } }],
        busy: [{ found: { css: ".error" }, equals: "busy" }],
        failure: [{ found: { css: ".error" } }],
      },
    ],
  },
  hasTokens: false,
};
