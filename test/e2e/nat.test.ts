import { createHmac } from "node:crypto";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  type NatSession,
  NatWorld,
  canMakeNat,
  hasStunServer,
  natAddresses,
} from "../connection-request/nat-world.ts";
import { setUp } from "../support/command.ts";
import type { Daemon } from "../support/daemon.ts";
import { waitUntil } from "../support/wait-until.ts";

const canRun = canMakeNat() && hasStunServer("turnserver") && hasStunServer("stund");
const password = "nat-test-password";
const connectionRequest = "6 CONNECTION REQUEST";

it.runIf(process.env["CI"] === "true")(
  "can make a NAT in CI (root; apt-get install iproute2 iptables conntrack coturn stun-server)",
  () => {
    expect(canRun).toBe(true);
  },
);

describe.skipIf(!canRun)("behind NAT (left out without root, ip, iptables, STUN servers)", () => {
  let world: NatWorld;

  beforeAll(setUp);

  afterEach(async () => {
    await world.stop();
  });

  function signed(session: NatSession, ts: number, id: number, key = password): string {
    const { username: un } = session;
    const sig = createHmac("sha1", key).update(`${ts}${id}${un}nonce`).digest("hex");
    const query = `ts=${ts}&id=${id}&un=${encodeURIComponent(un)}&cn=nonce&sig=${sig}`;
    return `GET http://${session.address}?${query} HTTP/1.1\r\nHost: ${session.address}\r\n\r\n`;
  }

  /** Sessions the ACS asked for by UDP. */
  function requested(): number {
    return world.sessions.filter(({ events }) => events.includes(connectionRequest)).length;
  }

  function sessionWith(what: string, isMeant: (session: NatSession) => boolean) {
    return waitUntil(what, () => world.sessions.find(isMeant), 30_000);
  }

  /** Datagrams the service has dealt with, by outcome. */
  async function outcomes(box: Daemon, outcome: string, count: number): Promise<void> {
    await waitUntil(`${count} × ${outcome}`, () => {
      const dealt = box.log.filter(
        (line) => line.msg === "UDP datagram" && line["outcome"] === outcome,
      );
      return dealt.length >= count;
    });
  }

  it("learns its address from coturn, is called through it, and follows it when it moves", async () => {
    world = new NatWorld();
    world.translateTo(40_001);
    world.startStunServer("turnserver");
    await world.startAcs();
    const box = await world.startBox({ minimumKeepAlive: "1s", maximumKeepAlive: "3s" });
    const known = await sessionWith("the address outside", ({ nat }) => nat === "true");
    expect(known.address).toBe(`${natAddresses.gateway}:40001`);

    // As an ACS does it: three times the same. One session.
    const ts = Math.floor(Date.now() / 1_000);
    const call = { to: known.address, datagram: signed(known, ts, 1) };
    for (let copy = 0; copy < 3; copy += 1) world.send(call);
    await waitUntil("a session asked for", () => requested() === 1);
    await outcomes(box, "copy", 2);
    // Replayed, older, forged, for somebody else: none.
    world.send(call);
    world.send({ ...call, datagram: signed(known, ts - 60, 2) });
    world.send({ ...call, datagram: signed(known, ts + 1, 3, "wrong password") });
    world.send({ ...call, datagram: signed({ ...known, username: "nobody" }, ts + 1, 4) });
    world.send({ ...call, datagram: "GET / HTTP/1.1\r\n\r\n" });
    await outcomes(box, "copy", 3);
    await outcomes(box, "replay", 1);
    await outcomes(box, "refused", 2);
    await outcomes(box, "malformed", 1);

    // The gateway forgets everything and translates otherwise: news for the ACS, which calls the new address.
    world.translateTo(40_002);
    const moved = await sessionWith("the new address", ({ address }) => address.endsWith(":40002"));
    expect(moved.events).toContain("4 VALUE CHANGE");
    world.send({ to: moved.address, datagram: signed(moved, ts + 2, 5) });
    await waitUntil("another session asked for", () => requested() === 2);

    // After a power cut the first datagram of before is still refused.
    await box.kill();
    const again = await world.startBox({ minimumKeepAlive: "1s", maximumKeepAlive: "3s" });
    world.send({ to: moved.address, datagram: signed(moved, ts + 2, 5) });
    world.send({ to: moved.address, datagram: signed(moved, ts, 1) });
    await outcomes(again, "copy", 1);
    await outcomes(again, "replay", 1);
    world.send({ to: moved.address, datagram: signed(moved, ts + 3, 6) });
    await waitUntil("a session after the restart", () => requested() === 3);
  });

  it("finds out with stund how long the gateway keeps a binding", async () => {
    world = new NatWorld();
    world.translateTo(40_003);
    for (const kind of ["udp_timeout", "udp_timeout_stream"])
      world.inGateway("sysctl", "-q", "-w", `net.netfilter.nf_conntrack_${kind}=4`);
    world.startStunServer("stund");
    await world.startAcs();
    const box = await world.startBox({ minimumKeepAlive: "1s", maximumKeepAlive: "9s" });
    await sessionWith("the address outside", ({ nat }) => nat === "true");
    const learned = await waitUntil(
      "the lifetime learned",
      () => {
        const rests = box.log.filter(({ msg }) => msg === "binding rests");
        return rests.find((line) => line["isTrial"] === false);
      },
      120_000,
    );
    // The gateway keeps it for 4 s; the kernel looks every second or so.
    expect(Number(learned["periodMs"])).toBeGreaterThan(2_000);
    expect(Number(learned["periodMs"])).toBeLessThan(5_000);
  });
});
