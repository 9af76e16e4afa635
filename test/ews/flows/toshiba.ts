import type { Given, RequestStep } from "../../../src/southbound/exchange.ts";
import { ewsStyles } from "../../../src/simulator/ews/styles.ts";
import { type MakerFlow, pageValue } from "./maker-flow.ts";

const door = "/contentwebserver";
const token = { csrfpId: { cookie: "Session" } } as const;
const outcome = { xpath: "//statusOfOperation" } as const;

/** One request through the one door; text/plain is what TopAccess calls its XML. */
function send(content: string, parts: Readonly<Record<string, Given>> = {}): RequestStep {
  const text = `<DeviceInformationModel>${content}</DeviceInformationModel>`;
  return {
    kind: "request",
    method: "POST",
    path: door,
    headers: token,
    body: { kind: "text", type: "text/plain", text, parts },
    busy: ["ALREADY_ASSIGNED", "DEVICE_BUSY"].map((equals) => ({ found: outcome, equals })),
    success: { found: outcome, equals: "STATUS_OK" },
  };
}

const credential =
  "<UserCredential><userName>{user}</userName><passwd>{password}</passwd><ipaddress></ipaddress><applicationType>TOP_ACCESS</applicationType></UserCredential>";
const node = "<commandNode>Authentication/UserCredential</commandNode>";
const read =
  "<DeviceInformationModel><GetValue><Network><SMTP><serverAddress></serverAddress></SMTP></Network></GetValue></DeviceInformationModel>";

/** Toshiba: the value of a cookie goes into a header of every request; trees of XML are read and set. */
export const toshibaFlow: MakerFlow = {
  style: ewsStyles.toshiba,
  setting: "Network.SMTP.ServerAddress",
  from: "mail.example.net",
  to: "</serverAddress> & <co>",
  profile: {
    login: {
      kind: "steps",
      steps: [
        {
          kind: "request",
          method: "GET",
          path: "/?MAIN=TOPACCESS",
          success: { cookie: "Session" },
        },
        send(
          `<SetValue><Authentication>${credential}</Authentication></SetValue><Command><Login>${node}<Params><appName>TOPACCESS</appName></Params></Login></Command>`,
          { user: { credential: "username" }, password: { credential: "password" } },
        ),
      ],
      headers: token,
      logout: [send(`<Command><Logout>${node}</Logout></Command>`)],
    },
  },
  read: pageValue(
    door,
    { xpath: "//SMTP/serverAddress" },
    {
      needsLogin: true,
      format: "xml",
      request: { path: door, method: "POST", body: { type: "text/plain", text: read } },
    },
  ),
  write: {
    needsLogin: true,
    steps: (to) => [
      send(
        "<SetValue><Network><SMTP><serverAddress>{value}</serverAddress></SMTP></Network></SetValue>",
        { value: to },
      ),
    ],
  },
  hasTokens: false,
  logout: `POST ${door}`,
};
