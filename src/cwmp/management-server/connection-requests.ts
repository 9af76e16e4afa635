import {
  type ValueCheck,
  checkBoolean,
  checkInt,
  checkString,
  checkUnsignedInt,
} from "../value-check.ts";
import type {
  ConnectionRequestDefaults,
  DefinitionGroup,
  ManagementServerDefaults,
} from "./definition.ts";

/** The one row of `Device.XMPP.Connection.` there is. */
export const xmppConnectionPath = "Device.XMPP.Connection.1";

/** RFC 3489 §6. */
const stunPort = 3_478;
const mostJabberIds = 32;
const longestJabberId = 256;

/** In force where the configuration says nothing. */
export const noConnectionRequestDefaults: ConnectionRequestDefaults = {
  stunEnable: false,
  stunServerAddress: "",
  stunServerPort: stunPort,
  stunUsername: "",
  stunPassword: "",
  stunMinimumKeepAliveS: 20,
  stunMaximumKeepAliveS: 300,
  xmppConnection: "",
  allowedJabberIds: [],
};

const text256 = checkString(256);

/** TR-181i2 2.17 `Device.ManagementServer.`: connection requests by UDP (Annex G) and XMPP (Annex K). */
export const connectionRequestDefinitions = {
  ConnReqAllowedJabberIDs: {
    type: "string",
    initial: from(({ allowedJabberIds }) => allowedJabberIds.join(",")),
    check: checkJabberIds,
  },
  ConnReqJabberID: { type: "string", initial: "", notification: "forceDefaultEnabled" },
  ConnReqXMPPConnection: {
    type: "string",
    initial: from(({ xmppConnection }) => xmppConnection),
    check: checkXmppConnection,
  },
  NATDetected: { type: "boolean", initial: "false" },
  STUNEnable: {
    type: "boolean",
    initial: from(({ stunEnable }) => String(stunEnable)),
    check: checkBoolean,
  },
  STUNMaximumKeepAlivePeriod: {
    type: "int",
    initial: from(({ stunMaximumKeepAliveS }) => String(stunMaximumKeepAliveS)),
    check: checkInt(-1),
  },
  STUNMinimumKeepAlivePeriod: {
    type: "unsignedInt",
    initial: from(({ stunMinimumKeepAliveS }) => String(stunMinimumKeepAliveS)),
    check: checkUnsignedInt(0),
  },
  STUNPassword: {
    type: "string",
    initial: from(({ stunPassword }) => stunPassword),
    check: text256,
    isHidden: true,
  },
  STUNServerAddress: {
    type: "string",
    initial: from(({ stunServerAddress }) => stunServerAddress),
    check: text256,
  },
  STUNServerPort: {
    type: "unsignedInt",
    initial: from(({ stunServerPort }) => String(stunServerPort)),
    check: checkUnsignedInt(0, 65_535),
  },
  STUNUsername: {
    type: "string",
    initial: from(({ stunUsername }) => stunUsername),
    check: text256,
  },
  SupportedConnReqMethods: { type: "string", initial: "HTTP,STUN,XMPP" },
  UDPConnectionRequestAddress: { type: "string", initial: "" },
} as const satisfies DefinitionGroup;

/** The items of a list parameter (TR-106a15 §3.2.3): separated by commas, blanks around them do not count. */
export function listItems(text: string): readonly string[] {
  return text.trim() === "" ? [] : text.split(",").map((item) => item.trim());
}

function from(
  pick: (defaults: ConnectionRequestDefaults) => string,
): (defaults: ManagementServerDefaults) => string {
  return ({ connectionRequests }) => pick(connectionRequests ?? noConnectionRequestDefaults);
}

function checkJabberIds(text: string): ReturnType<ValueCheck> {
  const items = listItems(text);
  if (items.length > mostJabberIds) return { reason: `has more than ${mostJabberIds} items` };
  if (items.some((item) => item === "" || item.length > longestJabberId))
    return { reason: `has an item that is empty or longer than ${longestJabberId} characters` };
  return { value: text };
}

/** A strong reference: to the one row there is, or to none. */
function checkXmppConnection(text: string): ReturnType<ValueCheck> {
  const path = text.replace(/\.$/, "");
  return path === "" || path === xmppConnectionPath
    ? { value: path }
    : { reason: "is no row of Device.XMPP.Connection." };
}
