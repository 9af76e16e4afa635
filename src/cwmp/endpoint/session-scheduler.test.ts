import { describe, expect, it } from "vitest";
import { Box } from "../../../test/cwmp/endpoint-harness.ts";
import { ManualClock } from "../../shared/manual-clock.ts";
import { SessionScheduler } from "./session-scheduler.ts";
import { AcsTransportError } from "../transport.ts";

class Bench {
  readonly clock = new ManualClock();
  readonly scheduler: SessionScheduler;
  readonly began: string[] = [];
  readonly #ends = new Map<string, () => void>();

  constructor(maxConcurrent: number) {
    this.scheduler = new SessionScheduler({ clock: this.clock, maxConcurrent });
    this.scheduler.start();
  }

  ask(endpointId: string, isUrgent = false, acsUrl = "http://a/"): void {
    const run = (): Promise<void> => {
      this.began.push(endpointId);
      return new Promise((resolve) => this.#ends.set(endpointId, resolve));
    };
    this.scheduler.enqueue({ endpointId, acsUrl, run }, isUrgent);
  }

  async end(endpointId: string): Promise<void> {
    this.#ends.get(endpointId)?.();
    await this.clock.advance(0);
  }
}

describe("SessionScheduler", () => {
  it("runs no more at a time than allowed, in order, each endpoint once", async () => {
    const bench = new Bench(1);
    for (const id of ["a", "b", "b", "c"]) bench.ask(id);
    expect(bench.began).toEqual(["a"]);
    expect(bench.scheduler.counts()).toEqual({ running: 1, queued: 2 });
    await bench.end("a");
    await bench.end("b");
    expect(bench.began).toEqual(["a", "b", "c"]);
  });

  it("lets urgent sessions pass the queue and keeps slots for them", async () => {
    const bench = new Bench(5);
    for (const id of ["a", "b", "c", "d", "e", "f"]) bench.ask(id);
    expect(bench.began).toEqual(["a", "b", "c"]);
    bench.ask("e", true);
    bench.ask("x", true);
    bench.ask("y", true);
    expect(bench.began).toEqual(["a", "b", "c", "e", "x"]);
    await bench.end("a");
    expect(bench.began.at(-1)).toBe("y");
    await bench.end("b");
    await bench.end("e");
    await bench.end("x");
    expect(bench.began.at(-1)).toBe("d");
  });

  it("never runs two sessions of one endpoint at a time", async () => {
    const bench = new Bench(5);
    bench.ask("a");
    bench.ask("a", true);
    expect(bench.began).toEqual(["a"]);
    await bench.end("a");
    expect(bench.began).toEqual(["a", "a"]);
  });

  it("leaves an ACS alone as long as it asked, others and urgent ones not", async () => {
    const bench = new Bench(5);
    bench.scheduler.pause("http://a/", 30_000);
    bench.scheduler.pause("http://a/", 1_000);
    bench.ask("a");
    bench.ask("b", false, "http://b/");
    bench.ask("c", true);
    expect(bench.began).toEqual(["b", "c"]);
    await bench.clock.advance(29_999);
    expect(bench.began).toEqual(["b", "c"]);
    await bench.clock.advance(1);
    expect(bench.began).toEqual(["b", "c", "a"]);
  });
});

describe("EndpointManager", () => {
  it("honours Retry-After of one endpoint for all", async () => {
    const box = new Box();
    await box.start();
    const overload = new AcsTransportError("503", {
      code: "cwmp.http-status",
      status: 503,
      retryAfterMs: 60_000,
    });
    box.acs.interfere = () => overload;
    await box.add({ endpointId: "device-2" });
    await box.settle();
    expect(box.acs.sessions).toHaveLength(2);
    box.acs.interfere = () => undefined;
    await box.add({ endpointId: "device-3" });
    await box.pass(59);
    expect(box.acs.sessions).toHaveLength(2);
    await box.pass(2);
    expect(box.acs.sessions).toHaveLength(4);
  });

  it("runs sessions of different endpoints at the same time, each with its own identity and state", async () => {
    const box = new Box();
    const waiting: (() => void)[] = [];
    box.acs.interfere = async () => {
      await new Promise<void>((resolve) => waiting.push(resolve));
      return new Error("cut");
    };
    const deviceId = { manufacturer: "E", oui: "00005E", productClass: "P", serialNumber: "S2" };
    await box.start();
    await box.add({ endpointId: "device-2", deviceId });
    await box.settle();
    expect(box.manager.counts().running).toBe(2);
    const serials = [0, 1].map((index) => box.acs.inform(index).deviceId.serialNumber);
    expect(serials).toEqual(["S1", "S2"]);
    for (const resolve of waiting) resolve();
    await box.settle();
    expect(box.manager.statuses().map(({ retryCount }) => retryCount)).toEqual([1, 1]);
  });

  it("refuses unknown and duplicate endpoints", async () => {
    const box = new Box();
    await box.start();
    await expect(box.add()).rejects.toMatchObject({ code: "cwmp.duplicate-endpoint" });
    expect(() => {
      box.manager.requestSession("nobody", "2 PERIODIC");
    }).toThrow("no endpoint nobody");
  });

  it("cuts sessions under way when it stops", async () => {
    const box = new Box();
    box.acs.interfere = () => new Promise(() => undefined);
    await box.start();
    expect(box.manager.counts().running).toBe(1);
    await box.manager.stop();
    expect(box.acs.sessions[0]?.isClosed).toBe(true);
    await box.pass(10_000);
    expect(box.acs.sessions).toHaveLength(1);
  });
});
