import { createHmac } from "node:crypto";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { Box } from "../../../../test/cwmp/endpoint-harness.ts";
import { notify, set } from "../../../../test/cwmp/requests.ts";
import { envelope } from "../../../../test/cwmp/scripted-acs.ts";
import { missingValidator, validateSoap } from "../../../../test/cwmp/validate-soap.ts";
import type { CwmpEndpoint } from "../../endpoint/endpoint.ts";
import { encodeNotification } from "./notification-message.ts";
import { udpSender } from "./udp-sender.ts";

const server = "Device.ManagementServer.";
const location = "Device.Services.Location";
const level = "Device.Services.Tray.2.Level";

interface Sent {
  readonly host: string;
  readonly port: number;
  readonly head: string;
  readonly body: string;
}

/** A box whose ACS speaks CWMP 1.4, and what it sent by datagram. */
class LightweightBox extends Box {
  readonly sent: Sent[];

  constructor() {
    const sent: Sent[] = [];
    super({
      datagrams: {
        send: (datagram, host, port) => {
          const [head = "", body = ""] = datagram.toString().split("\r\n\r\n");
          sent.push({ host, port, head, body });
          return Promise.resolve();
        },
      },
    });
    this.sent = sent;
    this.acs.interfere = (request) =>
      request?.message.method === "Inform"
        ? envelope({ method: "InformResponse" }, { id: request.header.id ?? "", useVersion: "1.4" })
        : undefined;
  }

  /** Name and value of each parameter told, in order. */
  told(): readonly string[] {
    return this.sent.flatMap(({ body }) =>
      [...body.matchAll(/<lwn:Name>([^<]*)<.*?>([^<>]*)<\/lwn:Value>/g)].map(
        ([, name, value]) => `${String(name)}=${String(value)}`,
      ),
    );
  }
}

async function started(
  settings: Readonly<Record<string, string>>,
  ...attributes: readonly (readonly [string, number])[]
): Promise<{ box: LightweightBox; endpoint: CwmpEndpoint }> {
  const box = new LightweightBox();
  const endpoint = await box.start();
  const named = Object.entries(settings).map(([name, value]) => [server + name, value]);
  const answers = await box.ask(
    endpoint,
    set(Object.fromEntries(named) as Record<string, string>),
    ...attributes.map(([path, notification]) => notify(path, notification)),
  );
  expect(answers.filter(({ method }) => method === "Fault")).toEqual([]);
  return { box, endpoint };
}
const on = { LightweightNotificationProtocolsUsed: "UDP" };

describe("lightweight notification", () => {
  it("tells an active change at once, without a session", async () => {
    const { box } = await started(on, [location, 5]);
    const sessions = box.acs.sessions.length;
    box.tree.change(location, "attic <&>");
    await box.settle();
    expect(box.told()).toEqual([`${location}=attic &lt;&amp;&gt;`]);
    expect(box.acs.sessions.length).toBe(sessions);
    expect(box.sent[0]).toMatchObject({ host: "acs.example.net", port: 7547 });
  });

  it("goes where the ACS wants it, signed with the password", async () => {
    const { box } = await started(
      {
        ...on,
        UDPLightweightNotificationHost: "192.0.2.9",
        UDPLightweightNotificationPort: "4000",
        Username: "ünique",
        Password: "secret",
      },
      [location, 5],
    );
    box.tree.change(location, "attic");
    await box.settle();
    const [{ host, port, head, body }] = box.sent as [Sent];
    expect([host, port]).toEqual(["192.0.2.9", 4000]);
    const signature = createHmac("sha1", "secret").update(body).digest("hex").toUpperCase();
    expect(head).toContain(`Signature: ${signature}`);
    expect(head).toContain(`Content-Length: ${Buffer.byteLength(body)}`);
    expect(body).toContain("<lwn:UN>ünique</lwn:UN>");
    expect(body).toContain("<lwn:OUI>00005E</lwn:OUI>");
  });

  it("keeps a passive change for the trigger time, or for the next active one", async () => {
    const { box, endpoint } = await started(
      { ...on, LightweightNotificationTriggerInterval: "60" },
      [location, 3],
      [level, 5],
    );
    box.tree.change(location, "attic");
    await box.settle();
    expect(box.told()).toEqual([]);
    await box.pass(61);
    expect(box.told()).toEqual([`${location}=attic`]);
    await box.ask(endpoint, set({ [`${server}LightweightNotificationTriggerInterval`]: "0" }));
    box.tree.change(location, "roof");
    await box.pass(1_000);
    expect(box.told().length).toBe(1);
    box.tree.change(level, "1");
    await box.settle();
    expect(box.told().slice(1)).toEqual([`${location}=roof`, `${level}=1`]);
  });

  it("follows LightweightNotificationTriggerTime", async () => {
    const { box } = await started(
      {
        ...on,
        LightweightNotificationTriggerInterval: "3600",
        LightweightNotificationTriggerTime: "2000-01-01T00:10:00Z",
      },
      [location, 3],
    );
    const pastHourS = (box.clock.nowMs() / 1_000) % 3_600;
    const waitS = (3_600 + 600 - pastHourS) % 3_600 || 3_600;
    box.tree.change(location, "attic");
    await box.pass(waitS - 1);
    expect(box.told()).toEqual([]);
    await box.pass(2);
    expect(box.told().length).toBe(1);
  });

  it("goes along with passive notification where the attribute says both", async () => {
    const { box, endpoint } = await started(on, [location, 6]);
    const sessions = box.acs.sessions.length;
    box.tree.change(location, "attic");
    await box.settle();
    expect(box.told()).toEqual([`${location}=attic`]);
    expect(box.acs.sessions.length).toBe(sessions);
    endpoint.requestSession("2 PERIODIC");
    await box.settle();
    expect(box.acs.events()).toEqual(["2 PERIODIC", "4 VALUE CHANGE"]);
    expect(box.acs.inform().parameters.map(({ path }) => path)).toContain(location);
  });

  it("tells what changed while the process was down, once, and not what the ACS wrote", async () => {
    const { box, endpoint } = await started(on, [location, 5], [level, 5]);
    await box.ask(endpoint, set({ [location]: "attic" }));
    expect(box.told()).toEqual([]);
    box.tree.values.set(level, "1");
    await box.restart();
    await box.pass(5);
    expect(box.told()).toEqual([`${level}=1`]);
    await box.restart();
    await box.pass(5);
    expect(box.told().length).toBe(1);
  });

  it("is silent while no protocol is used", async () => {
    const { box, endpoint } = await started({}, [location, 5]);
    box.tree.change(location, "attic");
    await box.pass(5);
    await box.ask(endpoint, set({ [`${server}LightweightNotificationProtocolsUsed`]: "UDP" }));
    await box.ask(endpoint, set({ [`${server}LightweightNotificationProtocolsUsed`]: "" }));
    box.tree.change(location, "roof");
    await box.pass(5);
    expect(box.told()).toEqual([]);
  });

  it("gathers what flutters, and keeps datagrams small enough for any link", async () => {
    const { box } = await started(on, [location, 5], [level, 5]);
    for (let turn = 0; turn < 50; turn += 1) box.tree.change(level, String(turn));
    await box.pass(3);
    expect(box.told()).toEqual([`${level}=49`]);
    box.tree.change(location, "x".repeat(1_200));
    box.tree.change(level, "7");
    await box.pass(3);
    expect(box.sent.length).toBe(3);
    box.tree.change(location, "x".repeat(60_001));
    await box.pass(3);
    expect(box.sent.length).toBe(3);
  });

  it("is refused with 9003 before CWMP 1.4, and 9009 where active notification is denied", async () => {
    const box = new Box();
    const endpoint = await box.start();
    const codes = async (path: string, notification: number): Promise<unknown> => {
      const [answer] = await box.ask(endpoint, notify(path, notification));
      return answer?.method === "Fault" ? answer.code : answer?.method;
    };
    for (const notification of [3, 4, 5, 6]) expect(await codes(location, notification)).toBe(9003);
    const { interfere } = new LightweightBox().acs;
    box.acs.interfere = interfere;
    for (const notification of [3, 4, 5, 6])
      expect(await codes(location, notification)).toBe("SetParameterAttributesResponse");
    expect(await codes(location, 7)).toBe(9003);
    const counter = "Device.DeviceInfo.UpTime";
    expect(await codes(counter, 5)).toBe(9009);
    expect(await codes(counter, 6)).toBe(9009);
    expect(await codes(counter, 4)).toBe("SetParameterAttributesResponse");
  });

  const reason = missingValidator();
  it.skipIf(reason !== undefined)(`is valid by its schema${reason ?? ""}`, async () => {
    const { box } = await started(on, [location, 5], [level, 5]);
    box.tree.change(location, "attic <&> ü");
    box.tree.change(level, "1");
    await box.settle();
    expect(box.sent.length).toBeGreaterThan(0);
    expect(validateSoap(box.sent.map(({ body }) => body))).toBe("");
    const types = ["base64", "hexBinary", "dateTime", "unsignedLong"] as const;
    const values = {
      base64: "QQ==",
      hexBinary: "0A",
      dateTime: "2026-01-01T00:00:00Z",
      unsignedLong: "1",
    };
    const document = encodeNotification({
      deviceId: { manufacturer: "", oui: "00005E", productClass: "p".repeat(99), serialNumber: "" },
      username: "u".repeat(300),
      cnonce: "c",
      atMs: 1_700_000_000_500,
      parameters: types.map((type) => ({ path: `Device.${type}`, type, value: values[type] })),
    });
    expect(validateSoap([document])).toBe("");
  });
});

describe("udpSender", () => {
  it("sends one datagram, and says when there is no such host", async () => {
    const receiver = createSocket("udp4");
    receiver.bind(0, "127.0.0.1");
    await once(receiver, "listening");
    const arrived = once(receiver, "message");
    await udpSender.send(Buffer.from("hello"), "127.0.0.1", receiver.address().port);
    const [message] = (await arrived) as [Buffer];
    expect(message.toString()).toBe("hello");
    receiver.close();
    await expect(udpSender.send(Buffer.from("x"), "no such host", 1)).rejects.toThrow();
  });
});
