import { randomBytes } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";
import { StunWorld } from "../../../../test/connection-request/stun-world.ts";
import { ManualClock } from "../../../shared/manual-clock.ts";
import { type BindingInput, type BindingState, nextBindingStep } from "./binding-machine.ts";
import { encodeStun, stunAttribute, stunType } from "./message.ts";
import { type Binding, StunClient, type StunSettings } from "./stun-client.ts";

const { bindingChange, connectionRequestBinding, username, messageIntegrity } = stunAttribute;
const server = { host: "198.51.100.1", port: 3_478 };

const usual: StunSettings = {
  isEnabled: true,
  host: "stun.example.net",
  port: 3_478,
  username: "",
  password: "",
  minimumKeepAliveS: 10,
  maximumKeepAliveS: 120,
};

let clock: ManualClock;
let world: StunWorld;
let client: StunClient;
let told: (Binding | undefined)[];

beforeEach(() => {
  clock = new ManualClock();
  world = new StunWorld(clock);
  client = createClient();
});

function createClient(lastBinding?: Binding): StunClient {
  told = [];
  const created = new StunClient({
    clock,
    network: world,
    random: () => 0.5,
    lastBinding,
    onBinding: (binding) => told.push(binding),
  });
  world.deliverTo((datagram, from) => {
    created.receive(datagram, from);
  });
  return created;
}

async function configure(changes: Partial<StunSettings> = {}): Promise<void> {
  client.configure({ ...usual, ...changes });
  await clock.advance(0);
}

/** Times between requests from the primary port, seconds. */
function gapsS(): readonly number[] {
  const times = world.seen.filter(({ isPrimary }) => isPrimary).map(({ atMs }) => atMs);
  return times.slice(1).map((atMs, index) => (atMs - (times[index] ?? 0)) / 1_000);
}

describe("the STUN client", () => {
  it("learns the address outside, and that there is NAT", async () => {
    await configure();
    expect(client.binding).toEqual({ address: world.mapped, isNat: true });
    expect(world.seen.map(({ attributes }) => attributes)).toEqual([[connectionRequestBinding]]);
  });

  it("knows its own address when it sees it", async () => {
    world.isNat = false;
    await configure();
    expect(client.binding).toEqual({ address: world.mapped, isNat: false });
  });

  it("keeps the binding alive, and finds out how seldom that takes", async () => {
    world.heedsResponseAddress = true;
    await configure();
    await clock.advance(3_600_000);
    const learned = gapsS().slice(-5);
    // 60 s is what this gateway gives: near it, never above.
    for (const gap of learned) expect(gap).toBeGreaterThan(40);
    for (const gap of learned) expect(gap).toBeLessThan(60);
    const moves = told.length - 1;
    await clock.advance(3_600_000);
    expect(told.length - 1).toBe(moves);
  });

  it("notices a lost binding although the gateway gives the same port again", async () => {
    world.hasNewPortAfterLoss = false;
    await configure();
    await clock.advance(3_600_000);
    for (const gap of gapsS().slice(-5)) expect(gap).toBeLessThan(60);
    expect(told).toHaveLength(1);
  });

  it("is cautious where the server cannot be asked to answer elsewhere", async () => {
    world.heedsResponseAddress = false;
    await configure();
    await clock.advance(600_000);
    const learned = gapsS().slice(3);
    for (const gap of learned) expect(gap).toBeGreaterThan(20);
    for (const gap of learned) expect(gap).toBeLessThanOrEqual(25);
  });

  it("asks more often when a binding was lost within the usual time", async () => {
    world.heedsResponseAddress = false;
    world.bindingLifetimeMs = 15_000;
    await configure();
    await clock.advance(600_000);
    for (const gap of gapsS().slice(-5)) expect(gap).toBeLessThan(15);
    for (const gap of gapsS().slice(-5)) expect(gap).toBeGreaterThanOrEqual(10);
  });

  it("stays within the periods of the ACS", async () => {
    await configure({ minimumKeepAliveS: 30, maximumKeepAliveS: 30 });
    await clock.advance(600_000);
    for (const gap of gapsS()) expect(gap).toBe(30);
  });

  it("tells the server and the box when the binding changed, at once and once", async () => {
    await configure();
    world.rebind();
    const before = world.seen.length;
    await clock.advance(60_000);
    const [first, second] = world.seen.slice(before).filter(({ isPrimary }) => isPrimary);
    expect(first?.attributes).toEqual([connectionRequestBinding]);
    expect(second?.attributes).toEqual([connectionRequestBinding, bindingChange]);
    expect(second?.atMs).toBe(first?.atMs);
    expect(told.map((binding) => binding?.address.port)).toEqual([40_000, 40_001]);
    const announced = world.seen.filter(({ attributes }) => attributes.includes(bindingChange));
    expect(announced).toHaveLength(1);
  });

  it("does not announce without end where every packet gets another port", async () => {
    world.isRestless = true;
    await configure();
    await clock.advance(60_000);
    expect(world.seen.length).toBeLessThan(20);
  });

  it("signs only after the server asked for it, and goes on signing", async () => {
    world.password = "stun-password";
    await configure({ username: "box", password: "stun-password" });
    expect(world.seen.map(({ attributes }) => attributes)).toEqual([
      [connectionRequestBinding],
      [connectionRequestBinding, username, messageIntegrity],
    ]);
    expect(client.binding?.isNat).toBe(true);
    await clock.advance(60_000);
    const later = world.seen.slice(2);
    for (const { attributes } of later) expect(attributes).toContain(messageIntegrity);
    expect(later.length).toBeGreaterThan(0);
  });

  it("never signs without a user name, and gives a server time that refuses", async () => {
    world.password = "stun-password";
    await configure();
    await clock.advance(3_600_000);
    for (const { attributes } of world.seen) expect(attributes).not.toContain(messageIntegrity);
    expect(world.seen.length).toBeGreaterThan(3);
    expect(world.seen.length).toBeLessThan(20);
    world.seen.length = 0;
    await configure({ username: "box", password: "wrong" });
    await clock.advance(3_600_000);
    expect(world.seen.length).toBeLessThan(30);
    expect(client.binding).toBeUndefined();
  });

  it("retransmits as RFC 3489 says, then tries again ever more seldom", async () => {
    world.isSilent = true;
    await configure();
    await clock.advance(9_500);
    const times = world.seen.map(({ atMs }) => atMs - (world.seen[0]?.atMs ?? 0));
    expect(times).toEqual([0, 100, 300, 700, 1_500, 3_100, 4_700, 6_300, 7_900]);
    await clock.advance(24 * 3_600_000);
    // Nine packets each time, at most every five minutes in the long run.
    expect(world.seen.length).toBeLessThan((9 * 24 * 60) / 5);
    world.isSilent = false;
    await clock.advance(600_000);
    expect(client.binding?.isNat).toBe(true);
  });

  it("keeps the address while the server is silent", async () => {
    await configure();
    const known = client.binding;
    world.isSilent = true;
    await clock.advance(600_000);
    expect(client.binding).toBe(known);
    expect(told).toHaveLength(1);
  });

  it("waits when the server has no address", async () => {
    await configure({ host: "" });
    await clock.advance(60_000);
    expect(world.seen).toEqual([]);
    await configure();
    expect(client.binding?.isNat).toBe(true);
  });

  it("is off at once: no address, no NAT, no packet; and on again", async () => {
    await configure();
    await configure({ isEnabled: false });
    expect(client.binding).toBeUndefined();
    const before = world.seen.length;
    await clock.advance(3_600_000);
    expect(world.seen).toHaveLength(before);
    await configure();
    expect(client.binding?.isNat).toBe(true);
  });

  it("begins anew with other settings, and not with the same ones", async () => {
    await configure();
    await configure();
    expect(world.seen).toHaveLength(1);
    await configure({ port: 3_479 });
    expect(world.seen).toHaveLength(2);
  });

  it("takes up after a restart: the same binding is no news, another one is announced", async () => {
    await configure();
    const last = client.binding;
    client.stop();
    client = createClient(last);
    expect(client.binding).toEqual(last);
    await configure();
    expect(told).toEqual([]);
    client.stop();
    world.rebind();
    client = createClient(last);
    await configure();
    expect(told).toHaveLength(1);
    expect(world.seen.at(-1)?.attributes).toContain(bindingChange);
  });

  it("ignores answers nobody asked for, and those from elsewhere", async () => {
    world.isSilent = true;
    await configure();
    const value = Buffer.from([0, 1, 0, 1, 9, 9, 9, 9]);
    const attributes = [{ type: stunAttribute.mappedAddress, value }];
    const forged = encodeStun({
      type: stunType.bindingResponse,
      transactionId: randomBytes(16),
      attributes,
    });
    client.receive(forged, server);
    client.receive(Buffer.alloc(0), server);
    client.receive(forged, { host: "203.0.113.66", port: 1 });
    expect(client.binding).toBeUndefined();
  });
});

describe("the table of the binding", () => {
  const states: readonly BindingState[] = [
    "off",
    "asking",
    "announcing",
    "resting",
    "testing",
    "waiting",
  ];
  const inputs: readonly BindingInput[] = [
    "configured",
    "disabled",
    "due",
    "confirmed",
    "moved",
    "unauthorized",
    "refused",
    "silent",
    "reflected",
    "returned",
  ];

  it("stays where it is when it ignores something, and never stops by itself", () => {
    for (const state of states)
      for (const input of inputs)
        for (const flag of [true, false]) {
          const context = { hasCredentials: flag, isSigned: flag, isTrial: flag };
          const step = nextBindingStep(state, input, context);
          if (step.action === "ignore") expect(step.state).toBe(state);
          if (input !== "disabled" && state !== "off") expect(step.state).not.toBe("off");
        }
  });

  it("can be switched on and off in every state", () => {
    const context = { hasCredentials: false, isSigned: false, isTrial: false };
    for (const state of states) {
      expect(nextBindingStep(state, "disabled", context).action).toBe("stop");
      expect(nextBindingStep(state, "configured", context).action).toBe("ask");
    }
  });
});
