import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CwmpMessage } from "../../src/cwmp/soap/message.ts";
import { defaultSessionLimits } from "../../src/cwmp/session/session.ts";
import { BesiegedBox } from "./besieged-box.ts";
import {
  type Step,
  type Trick,
  envelope,
  http,
  inTurns,
  noContent,
  rawEnvelope,
  welcome,
} from "./hostile-acs.ts";

let besieged: BesiegedBox;
beforeAll(async () => {
  besieged = await BesiegedBox.open();
});
afterAll(() => besieged.close());

const question = http(envelope({ method: "GetRPCMethods" }, { id: "x" }));

/** Answers under the ID of the request. */
function reply(message: CwmpMessage, header: { readonly holdRequests?: boolean } = {}): Trick {
  return ({ id }, socket) => {
    socket.write(http(envelope(message, { id, ...header })));
  };
}
function underId(message: CwmpMessage, id: string): Buffer {
  return http(envelope(message, { id }));
}
const informResponse = { method: "InformResponse" } as const;
const fault = (code: number): CwmpMessage => ({ method: "Fault", code, text: "no" });

describe("an answer at the wrong place ends the session", () => {
  const cases: readonly (readonly [string, string, readonly Step[]])[] = [
    ["InformResponse under another ID", "unexpected-message", [underId(informResponse, "forged")]],
    [
      "InformResponse under an ID of 1 MiB",
      "unexpected-message",
      [underId(informResponse, "1".repeat(1024 * 1024))],
    ],
    ["a request before the InformResponse", "unexpected-message", [question]],
    ["nothing instead of the InformResponse", "unexpected-message", [noContent]],
    [
      "InformResponse twice",
      "unexpected-message",
      [welcome, underId(informResponse, "1"), noContent],
    ],
    [
      "a response nobody asked for",
      "unexpected-message",
      [welcome, underId({ method: "TransferCompleteResponse" }, "2")],
    ],
    ["a fault nobody asked for", "unexpected-message", [welcome, underId(fault(8002), "2")]],
    [
      "the response to its own request",
      "unexpected-message",
      [welcome, question, underId({ method: "GetRPCMethodsResponse", methods: [] }, "x")],
    ],
    ["fault 8003 to the Inform, in every version", "inform-refused", [reply(fault(8003))]],
    ["fault 8005 to the Inform for ever", "inform-refused", [reply(fault(8005))]],
    ["a fault code that does not exist", "inform-refused", [reply(fault(0))]],
    ["requests without end", "session-limit", [welcome, question]],
    [
      "HoldRequests without end",
      "session-limit",
      [reply(informResponse, { holdRequests: true }), noContent],
    ],
  ];
  for (const [what, code, steps] of cases) {
    it(`${what}: ${code}`, async () => {
      const { posts } = await besieged.withstands(inTurns(...steps), `cwmp.${code}`);
      expect(posts.length).toBeLessThanOrEqual(defaultSessionLimits.maxAnswers + 3);
    });
  }

  it("a session that is dragged out: session-limit", async () => {
    const limits = { ...defaultSessionLimits, maxDurationMs: 300 };
    const short = await BesiegedBox.open({ limits });
    const slowly: Step = (_request, socket) => {
      setTimeout(() => socket.write(question), 50);
    };
    await short.withstands(inTurns(welcome, slowly), "cwmp.session-limit");
    await short.close();
  });
});

describe("an answer that is odd but has its place goes on", () => {
  const cases: readonly (readonly [string, readonly Step[]])[] = [
    ["InformResponse without an ID", [http(envelope(informResponse))]],
    ["a request without an ID", [welcome, http(envelope({ method: "GetRPCMethods" }))]],
    [
      "a request under an ID of 100,000 characters, which is echoed",
      [welcome, underId({ method: "GetRPCMethods" }, "i".repeat(100_000))],
    ],
    ["a second Inform, asked for like a request", [welcome, http(rawEnvelope("<cwmp:Inform/>"))]],
    ["requests only a CPE may make", [welcome, http(rawEnvelope("<cwmp:TransferComplete/>"))]],
    [
      "an unknown header that must be understood",
      [
        welcome,
        http(
          rawEnvelope("<cwmp:GetRPCMethods/>").replace(
            "</soap-env:Header>",
            '<x:Evil xmlns:x="urn:x" soap-env:mustUnderstand="1"/></soap-env:Header>',
          ),
        ),
      ],
    ],
    [
      "a version nobody has heard of",
      [
        ({ id }, socket) => {
          socket.write(http(envelope(informResponse, { id, useVersion: "99.9" })));
        },
      ],
    ],
    [
      "a namespace nobody has heard of",
      [
        ({ id }, socket) => {
          socket.write(http(envelope(informResponse, { id }).replaceAll("cwmp-1-2", "cwmp-7-7")));
        },
      ],
    ],
  ];
  for (const [what, steps] of cases) {
    it(what, async () => {
      await besieged.withstands(inTurns(...steps, noContent), undefined);
    });
  }

  it("never sends a second Inform in a session, whatever the ACS does", async () => {
    const tricks: readonly Trick[] = [
      inTurns(
        welcome,
        http("", {
          status: "401 Who",
          headers: ['WWW-Authenticate: Digest realm="x", nonce="y", qop="auth"'],
        }),
        noContent,
      ),
      inTurns(welcome, http("", { status: "307 Go", headers: ["Location: /again"] }), noContent),
      inTurns(welcome, http(rawEnvelope("<cwmp:Inform/>")), noContent),
    ];
    for (const trick of tricks) {
      const { posts } = await besieged.suffer(trick);
      expect(posts.filter(({ body }) => body.includes("<cwmp:Inform>"))).toHaveLength(1);
      await besieged.recovers();
    }
  });

  it("restarts the device once, however often the ACS asks for it in one session", async () => {
    let count = 0;
    const again: Step = (_request, socket) => {
      count += 1;
      const message = { method: "Reboot", commandKey: `k${count}` } as const;
      socket.write(count > 500 ? noContent : http(envelope(message, { id: "x" })));
    };
    const { record } = await besieged.suffer(inTurns(welcome, again));
    expect(record.errorCode).toBeUndefined();
    expect(besieged.box.reboots).toHaveLength(1);
    await besieged.endpoint.deviceRestarted();
    await besieged.recovers();
  });
});
