import { ewsStyles } from "../../../src/simulator/ews/styles.ts";
import { type MakerFlow, pageValue } from "./maker-flow.ts";

const page = "/Settings/Protocols/general_protocols.htm";

/** Samsung before 2012: no login, no token; the network restarts after each change, which a mapping declares. */
export const samsungFlow: MakerFlow = {
  style: ewsStyles.samsung,
  setting: "General.SystemContact",
  from: "helpdesk",
  to: "hotline",
  profile: {},
  read: pageValue(page, { field: "GSI_CONTACT" }),
  write: {
    needsLogin: false,
    steps: (to) => [
      {
        kind: "form",
        page,
        form: "form[name=networkGeneral]",
        fields: [{ at: { name: "GSI_CONTACT" }, set: { value: to } }],
        failure: [{ body: "Failed to save" }],
      },
    ],
  },
  hasTokens: false,
};
