import { beforeEach, describe, expect, it } from "vitest";
import { ManualClock } from "../../../shared/manual-clock.ts";
import type { ConnectionRequestAnswer } from "../target.ts";
import { isAllowedSender } from "./jabber-id.ts";
import { reconnectWaitMs } from "./reconnect-wait.ts";
import { type XmppRequestOutcome, XmppRequests } from "./xmpp-requests.ts";

const from = "acs@example.net/a";
let outcomes: XmppRequestOutcome[];
let says: ConnectionRequestAnswer | Error;
let accepted: string[];
let clock: ManualClock;

beforeEach(() => {
  outcomes = [];
  accepted = [];
  says = "accepted";
  clock = new ManualClock();
});

function target(name: string, password: string, allowed = "") {
  return {
    endpointId: name,
    username: () => name,
    password: () => password,
    allowedJabberIds: () => allowed,
    accept: () => {
      if (says instanceof Error) throw says;
      accepted.push(name);
      return says;
    },
  };
}

function create(limits: Partial<ConstructorParameters<typeof XmppRequests>[0]> = {}): XmppRequests {
  return new XmppRequests({ clock, onOutcome: (outcome) => outcomes.push(outcome), ...limits });
}

describe("XMPP connection requests", () => {
  it("select the endpoint by user name and prove themselves by its password", () => {
    const requests = create();
    requests.register(target("one", "first"));
    requests.register(target("two", "second"));
    expect(requests.receive({ from, username: "two", password: "second" })).toBe("result");
    expect(requests.receive({ from, username: "two", password: "first" })).toBe("not-authorized");
    expect(requests.receive({ from, username: "three", password: "x" })).toBe("not-authorized");
    expect(accepted).toEqual(["two"]);
  });

  it("let nobody in without a password", () => {
    const requests = create();
    requests.register(target("one", ""));
    expect(requests.receive({ from, username: "one", password: "" })).toBe("not-authorized");
  });

  it("look at the sender of each endpoint before its password", () => {
    const requests = create();
    requests.register(target("one", "first", "other@example.net"));
    requests.register(target("two", "second", "acs@example.net"));
    const right = { from, username: "one", password: "first" };
    expect(requests.receive(right)).toBe("service-unavailable");
    expect(requests.receive({ from, username: "two", password: "second" })).toBe("result");
    expect(outcomes).toEqual(["foreign", "accepted"]);
  });

  it("pass on that the endpoint cannot, and survive one that fails", () => {
    const requests = create();
    requests.register(target("one", "first"));
    const right = { from, username: "one", password: "first" };
    for (const answer of ["unreachable", "busy", "disabled", new Error("broken")] as const) {
      says = answer;
      expect(requests.receive(right)).toBe("service-unavailable");
    }
  });

  it("are limited, all together and for each endpoint", async () => {
    const requests = create({
      totalLimit: { burst: 4, perSecond: 1 },
      endpointLimit: { burst: 2, perSecond: 1 },
    });
    requests.register(target("one", "first"));
    const right = { from, username: "one", password: "first" };
    for (let n = 0; n < 5; n += 1) requests.receive(right);
    expect(outcomes).toEqual(["accepted", "accepted", "limited", "limited", "limited"]);
    await clock.advance(1_000);
    expect(requests.receive(right)).toBe("result");
  });

  it("end with the endpoint", () => {
    const requests = create();
    const leave = requests.register(target("one", "first"));
    leave();
    const right = { from, username: "one", password: "first" };
    expect(requests.receive(right)).toBe("not-authorized");
  });
});

describe("ConnReqAllowedJabberIDs", () => {
  // The examples of TR-181i2.
  const allowed = ["ACS1@tr069.example.com", "ACS2@tr-069.example.com/resource1"];

  it.each([
    ["ACS1@tr069.example.com/resource1", true],
    ["ACS1@tr069.example.com/resource2", true],
    ["acs1@TR069.example.com/resource2", true],
    ["ACS2@tr-069.example.com/resource1", true],
    ["ACS2@tr-069.example.com/resource2", false],
    ["ACS2@tr-069.example.com/Resource1", false],
    ["ACS2@tr-069.example.com", false],
    ["ACS@tr069.example.com/resource", false],
    ["", false],
  ])("and %s: %s", (sender, isAllowed) => {
    expect(isAllowedSender(sender, allowed)).toBe(isAllowed);
  });

  it("lets everybody in while it is empty", () => {
    expect(isAllowedSender("anybody@anywhere/x", [])).toBe(true);
  });
});

describe("the wait before another attempt", () => {
  const policy = { initialS: 60, multiplier: 2_000, maximumS: 600 };

  it("is a random part of a maximum that grows up to the policy's", () => {
    const longest = [1, 2, 3, 4, 5, 100].map((failures) => reconnectWaitMs(failures, policy, 1));
    expect(longest).toEqual([60_000, 120_000, 240_000, 480_000, 600_000, 600_000]);
    expect(reconnectWaitMs(3, policy, 0.5)).toBe(120_000);
  });

  it("is never so short that a server is hammered", () => {
    expect(reconnectWaitMs(1, policy, 0)).toBe(1_000);
  });
});
