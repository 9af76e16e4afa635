import { describe, expect, it } from "vitest";
import { withSignal } from "./signals.ts";

describe("withSignal", () => {
  it("gives the first signal, also one that came before it was awaited", async () => {
    const signal = await withSignal(async (signalled) => {
      process.emit("SIGTERM", "SIGTERM");
      await new Promise((resolve) => setImmediate(resolve));
      return await signalled;
    });
    expect(signal).toBe("SIGTERM");
  });

  it("lets the process end when the work fails", async () => {
    const before = process.listenerCount("SIGINT");
    const timers = (): number =>
      process.getActiveResourcesInfo().filter((resource) => resource === "Timeout").length;
    const timersBefore = timers();
    await expect(withSignal(() => Promise.reject(new Error("port in use")))).rejects.toThrow();
    expect(process.listenerCount("SIGINT")).toBe(before);
    expect(timers()).toBeLessThanOrEqual(timersBefore);
  });
});
