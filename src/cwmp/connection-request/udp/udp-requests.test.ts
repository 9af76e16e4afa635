import { createHmac } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";
import { ManualClock } from "../../../shared/manual-clock.ts";
import type { ConnectionRequestAnswer, UdpRequestTarget } from "../target.ts";
import { UdpRequests } from "./udp-requests.ts";

/** An endpoint with its disk. */
class Target implements UdpRequestTarget {
  readonly endpointId: string;
  name: string;
  secret = "secret";
  says: ConnectionRequestAnswer | Error = "accepted";
  isStunEnabled = true;
  accepted = 0;
  kept: string | undefined;
  disk: Promise<void> = Promise.resolve();

  constructor(name: string) {
    this.endpointId = name;
    this.name = name;
  }

  username(): string {
    return this.name;
  }

  password(): string {
    return this.secret;
  }

  expectsUdp(): boolean {
    return this.isStunEnabled;
  }

  accept(): ConnectionRequestAnswer {
    if (this.says instanceof Error) throw this.says;
    this.accepted += 1;
    return this.says;
  }

  replayGuard(): string | undefined {
    return this.kept;
  }

  async keepReplayGuard(text: string): Promise<void> {
    await this.disk;
    this.kept = text;
  }
}

let clock: ManualClock;
let requests: UdpRequests;
let target: Target;

beforeEach(() => {
  clock = new ManualClock();
  requests = new UdpRequests({ clock });
  target = new Target("one");
  requests.register(target);
});

function request(ts: number, id: string | number, un = "one", key = "secret"): Buffer {
  const sig = createHmac("sha1", key).update(`${ts}${id}${un}cn`).digest("hex");
  return Buffer.from(`GET http://h:1?ts=${ts}&id=${id}&un=${un}&cn=cn&sig=${sig} HTTP/1.1\r\n\r\n`);
}

describe("UDP connection requests", () => {
  it("count three equal datagrams once, also while the first is being written down", async () => {
    const three = [request(100, 1), request(100, 1), request(100, 1)];
    const outcomes = await Promise.all(three.map((datagram) => requests.receive(datagram)));
    expect(outcomes.sort()).toEqual(["accepted", "copy", "copy"]);
    expect(target.accepted).toBe(1);
    expect(await requests.receive(request(100, 1))).toBe("copy");
  });

  it("take a newer or equal time with another id, and refuse what was accepted before", async () => {
    for (const [ts, id, outcome] of [
      [100, 1, "accepted"],
      [100, 2, "accepted"],
      [100, 1, "copy"],
      [99, 3, "replay"],
      [101, 2, "replay"],
      [101, 4, "accepted"],
      [100, 2, "replay"],
    ] as const)
      expect([ts, id, await requests.receive(request(ts, id))]).toEqual([ts, id, outcome]);
    expect(target.accepted).toBe(3);
  });

  it("refuse a replay after a restart, as the guard is on disk before the session", async () => {
    let acceptedBefore = -1;
    target.disk = Promise.resolve().then(() => {
      acceptedBefore = target.accepted;
    });
    await requests.receive(request(100, 1));
    expect(acceptedBefore).toBe(0);
    const restarted = new UdpRequests({ clock });
    restarted.register(target);
    expect(await restarted.receive(request(100, 1))).toBe("copy");
    expect(await restarted.receive(request(99, 9))).toBe("replay");
    expect(target.accepted).toBe(1);
  });

  it("count anew under another password, so that a clock once wrong locks nobody out", async () => {
    await requests.receive(request(9_999_999_999, 1));
    expect(await requests.receive(request(100, 2))).toBe("replay");
    target.secret = "another secret";
    expect(await requests.receive(request(100, 2, "one", "another secret"))).toBe("accepted");
  });

  it("still know a request when the disk was full", async () => {
    target.disk = Promise.reject(new Error("disk full"));
    expect(await requests.receive(request(100, 1))).toBe("accepted");
    expect(await requests.receive(request(100, 1))).toBe("copy");
  });

  it("refuse wrong names and signatures without a trace", async () => {
    expect(await requests.receive(request(100, 1, "two"))).toBe("refused");
    expect(await requests.receive(request(100, 1, "one", "wrong"))).toBe("refused");
    expect(await requests.receive(Buffer.from("GET / HTTP/1.1\r\n\r\n"))).toBe("malformed");
    target.secret = "";
    expect(await requests.receive(request(100, 1, "one", ""))).toBe("refused");
    expect(target.kept).toBeUndefined();
  });

  it("reach the endpoint the name says, also right after the ACS changed names", async () => {
    const other = new Target("two");
    const leave = requests.register(other);
    expect(await requests.receive(request(100, 1, "two"))).toBe("accepted");
    target.name = "three";
    expect(await requests.receive(request(100, 1, "three"))).toBe("accepted");
    expect(await requests.receive(request(101, 2, "one"))).toBe("refused");
    leave();
    expect(await requests.receive(request(101, 2, "two"))).toBe("refused");
    expect([target.accepted, other.accepted]).toEqual([1, 1]);
  });

  it("tell namesakes apart by their passwords, and serve none of those that share both", async () => {
    const other = new Target("one");
    other.secret = "its own";
    requests.register(other);
    expect(await requests.receive(request(100, 1, "one", "its own"))).toBe("accepted");
    expect([target.accepted, other.accepted]).toEqual([0, 1]);
    other.secret = "secret";
    expect(await requests.receive(request(101, 2))).toBe("refused");
  });

  it("are not taken for those of a namesake that does not expect any", async () => {
    const other = new Target("one");
    other.isStunEnabled = false;
    requests.register(other);
    expect(await requests.receive(request(100, 1))).toBe("accepted");
    expect([target.accepted, other.accepted]).toEqual([1, 0]);
    target.isStunEnabled = false;
    expect(await requests.receive(request(101, 2))).toBe("refused");
  });

  it("pass on what the endpoint says, and survive one that fails", async () => {
    for (const [index, says] of (["unreachable", "disabled", "busy"] as const).entries()) {
      target.says = says;
      expect(await requests.receive(request(100 + index, index))).toBe(says);
    }
    target.says = new Error("broken");
    expect(await requests.receive(request(200, "x"))).toBe("busy");
    // Asked for in vain is asked for all the same: the same datagram later must not open a session.
    target.says = "accepted";
    expect(await requests.receive(request(200, "x"))).toBe("copy");
  });

  it("are limited, all together and for each endpoint", async () => {
    const limited = new UdpRequests({
      clock,
      totalLimit: { burst: 6, perSecond: 1 },
      endpointLimit: { burst: 2, perSecond: 1 },
    });
    limited.register(target);
    const outcomes: string[] = [];
    for (let id = 0; id < 8; id += 1) outcomes.push(await limited.receive(request(100, id)));
    expect(outcomes.filter((outcome) => outcome === "accepted")).toHaveLength(2);
    expect(outcomes.slice(6)).toEqual(["limited", "limited"]);
    await clock.advance(1_000);
    expect(await limited.receive(request(101, 100))).toBe("accepted");
  });
});
