import {
  duration,
  flag,
  key,
  list,
  listen,
  object,
  server,
  text,
  url,
  wrong,
} from "./schema-values.ts";

/** The part of the schema about connection requests; see `schema.ts`. */

const oneSecondMs = 1_000;
const mostJabberIds = 32;

const stun = object({
  enabled: key(
    flag().default(true),
    "Use STUN (TR-069 Annex G) until the ACS says otherwise (STUNEnable).",
  ),
  server: key(server().optional(), "STUN server, host:port; the host of the ACS unless given.", {
    sample: "stun.example.net:3478",
  }),
  username: key(text().optional(), "User name at the STUN server, if it asks for one.", {
    sample: "proxier-1",
  }),
  password: key(text().optional(), "Password at the STUN server.", {
    secret: true,
    sample: "${env:STUN_PASSWORD}",
  }),
  minimumKeepAlive: key(
    duration(oneSecondMs).prefault("20s"),
    "Shortest time between two messages that keep the NAT binding alive.",
  ),
  maximumKeepAlive: key(
    duration(oneSecondMs).prefault("5m"),
    "Longest time between them; what is used in between is learned from the gateway.",
  ),
}).refine(
  ({ minimumKeepAlive, maximumKeepAlive }) => minimumKeepAlive <= maximumKeepAlive,
  wrong("has a minimumKeepAlive above its maximumKeepAlive; exchange them"),
);

const xmppTls = object({
  ca: key(
    text().optional(),
    "CA certificates to trust instead of the system's: PEM file or PEM text.",
    { sample: "/etc/mfpgate/xmpp-ca.pem" },
  ),
  insecure: key(
    flag().default(false),
    "Accept any certificate of the XMPP server. For trials only.",
  ),
}).prefault({});

const xmpp = object({
  enabled: key(
    flag().default(true),
    "Accept connection requests over XMPP (TR-069 Annex K) until the ACS says otherwise.",
  ),
  service: key(
    url(["xmpp", "xmpps"])
      .refine(
        (value) => !/[@?]/.test(value),
        wrong("holds more than host and port; put the account into username and password"),
      )
      .optional(),
    "XMPP server: xmpp://host:port (STARTTLS) or xmpps://host:port (TLS from the start); found by DNS unless given. Never without TLS.",
    { sample: "xmpp://xmpp.example.net:5222" },
  ),
  domain: key(
    text()
      .max(64)
      .refine(
        (name) => !/[\s@/:]/.test(name),
        wrong("is not a domain; write its name without user, port or path"),
      ),
    "XMPP domain.",
    { sample: "example.net" },
  ),
  username: key(
    text()
      .max(256)
      .refine((name) => !/[\s@/:]/.test(name), wrong("is not an account; write the part before @")),
    "XMPP account, without the domain.",
    { sample: "proxier-1" },
  ),
  password: key(text().max(256), "Password of the XMPP account.", {
    secret: true,
    sample: "${env:XMPP_PASSWORD}",
  }),
  resource: key(text().max(64).default("mfpgate"), "Resource of the box's Jabber ID."),
  allowedJabberIds: key(
    list(
      text()
        .max(256)
        .refine(
          (id) => /^[^\s@/]+@[^\s@/]+(\/.+)?$/.test(id),
          wrong("is not a Jabber ID; write user@domain, with /resource if only one may ask"),
        ),
    )
      .max(mostJabberIds, wrong(`has too many entries; the most is ${mostJabberIds}`))
      .prefault([]),
    "Who may ask: Jabber IDs, without resource for any resource; empty: whoever knows user name and password of the device.",
    { sample: "acs@example.net" },
  ),
  keepAlive: key(
    duration(oneSecondMs).prefault("5m"),
    "How often the server is asked whether it is still there.",
  ),
  tls: key(xmppTls, "TLS towards the XMPP server."),
});

/** How the ACS asks for a session. */
export const connectionRequest = object({
  listen: key(
    listen().prefault("0.0.0.0:7547"),
    "Where connection requests of the ACS are received: HTTP on this TCP port, signed datagrams on the UDP port of the same number.",
  ),
  publicUrl: key(
    url(["http", "https"], "auto").default("auto"),
    "What the ACS reaches this listener by, when it is not the box's own address; auto: the address the ACS is reached from.",
  ),
  username: key(
    text().default("auto"),
    "User name the ACS must give; auto makes one per device. One name for all serves only HTTP: over UDP and XMPP the name tells the devices apart.",
  ),
  password: key(text().default("auto"), "Password the ACS must give; auto makes one per device.", {
    secret: true,
  }),
  stun: key(stun.optional(), "Connection requests through NAT by STUN and UDP."),
  xmpp: key(xmpp.optional(), "Connection requests through NAT by XMPP."),
}).prefault({});
