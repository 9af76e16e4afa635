import { describe, expect, it } from "vitest";
import { Box } from "../../../test/cwmp/endpoint-harness.ts";
import type { CwmpMessage } from "../soap/message.ts";
import { AcsTransportError } from "../transport.ts";

const schedule = (delaySeconds: number, commandKey: string): CwmpMessage => ({
  method: "ScheduleInform",
  delaySeconds,
  commandKey,
});

describe("ScheduleInform", () => {
  it("informs with SCHEDULED and M ScheduleInform once the delay since the call is over", async () => {
    const box = new Box();
    const endpoint = await box.start();
    expect(await box.ask(endpoint, schedule(60, "a"))).toEqual([
      { method: "ScheduleInformResponse" },
    ]);
    const before = box.acs.sessions.length;
    await box.pass(59);
    expect(box.acs.sessions).toHaveLength(before);
    await box.pass(1);
    expect(box.acs.events()).toEqual(["3 SCHEDULED", "M ScheduleInform a"]);
    await box.pass(600);
    expect(box.acs.sessions).toHaveLength(before + 1);
  });

  it("keeps several apart, over a restart and a delay that ended meanwhile", async () => {
    const box = new Box();
    const endpoint = await box.start();
    await box.ask(endpoint, schedule(60, "a"), schedule(90, "b"), schedule(3_600, "c"));
    await box.manager.stop();
    await box.clock.advance(100_000);
    await box.restart();
    expect(box.acs.events()).toEqual(["3 SCHEDULED", "M ScheduleInform a", "M ScheduleInform b"]);
    await box.pass(3_500);
    expect(box.acs.events()).toEqual(["3 SCHEDULED", "M ScheduleInform c"]);
  });

  it("repeats both events until an Inform with them is answered", async () => {
    const box = new Box();
    const endpoint = await box.start();
    await box.ask(endpoint, schedule(10, "a"));
    box.acs.interfere = () => new AcsTransportError("away", { code: "cwmp.acs-unreachable" });
    await box.pass(10);
    await box.pass(10);
    expect(box.acs.inform().retryCount).toBe(1);
    expect(box.acs.events()).toEqual(["3 SCHEDULED", "M ScheduleInform a"]);
    box.acs.interfere = () => undefined;
    await box.restart();
    expect(box.acs.events()).toEqual(["3 SCHEDULED", "M ScheduleInform a"]);
    const sessions = box.acs.sessions.length;
    await box.restart();
    expect(box.acs.sessions).toHaveLength(sessions);
  });

  it("refuses a delay of 0 with 9003 and the 33rd with 9004", async () => {
    const box = new Box();
    const endpoint = await box.start();
    expect(await box.ask(endpoint, schedule(0, ""))).toMatchObject([{ code: 9003 }]);
    const many = Array.from({ length: 33 }, (_, index) => schedule(600, String(index)));
    const answers = await box.ask(endpoint, ...many);
    expect(answers.slice(0, 32).every(({ method }) => method === "ScheduleInformResponse")).toBe(
      true,
    );
    expect(answers[32]).toMatchObject({ method: "Fault", code: 9004 });
    await box.pass(600);
    expect(box.acs.events()).toHaveLength(33);
  });

  it("is forgotten together with the ACS that asked for it", async () => {
    const box = new Box();
    const endpoint = await box.start();
    await box.ask(endpoint, schedule(60, "old"), {
      method: "SetParameterValues",
      parameters: [{ path: "Device.ManagementServer.URL", value: "http://new.example.net/" }],
      parameterKey: "",
    });
    const sessions = box.acs.sessions.length;
    await box.pass(120);
    expect(box.acs.sessions).toHaveLength(sessions);
  });
});
