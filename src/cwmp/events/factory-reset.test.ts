import { describe, expect, it } from "vitest";
import { Box } from "../../../test/cwmp/endpoint-harness.ts";
import type { DeviceActions } from "../parameter-tree.ts";

const location = "Device.Services.Location";
const parameterKey = "Device.ManagementServer.ParameterKey";
const reset = { method: "FactoryReset" } as const;

const resettable = (resets: number[]): { readonly actions: DeviceActions } => ({
  actions: {
    factoryReset: () => {
      resets.push(resets.length);
      return Promise.resolve();
    },
  },
});

describe("FactoryReset", () => {
  it("is answered first, carried out after the session, and begins anew with BOOTSTRAP and BOOT", async () => {
    const box = new Box();
    const resets: number[] = [];
    const endpoint = await box.start(resettable(resets));
    let resetsAtAnswer = -1;
    box.acs.interfere = (request) => {
      if (request?.message.method === "FactoryResetResponse") resetsAtAnswer = resets.length;
      return undefined;
    };
    const answers = await box.ask(
      endpoint,
      {
        method: "SetParameterValues",
        parameters: [{ path: "Device.ManagementServer.PeriodicInformInterval", value: "60" }],
        parameterKey: "before",
      },
      {
        method: "SetParameterAttributes",
        attributes: [{ path: location, notification: 2 }],
      },
      { method: "ScheduleInform", delaySeconds: 60, commandKey: "never" },
      reset,
    );
    expect(resetsAtAnswer).toBe(0);
    expect(resets).toHaveLength(1);
    expect(answers).toEqual([]); // of the session after the reset
    expect(box.acs.events()).toEqual(["0 BOOTSTRAP", "1 BOOT"]);
    expect(endpoint.tree.get(parameterKey)?.value).toBe("");
    expect(endpoint.tree.get("Device.ManagementServer.PeriodicInformInterval")?.value).toBe("900");
    const sessions = box.acs.sessions.length;
    box.tree.change(location, "attic");
    await box.pass(120);
    expect(box.acs.sessions).toHaveLength(sessions);
  });

  it("returns to the configured ACS when it was another one that reset", async () => {
    const box = new Box();
    const endpoint = await box.start(resettable([]));
    await box.ask(endpoint, {
      method: "SetParameterValues",
      parameters: [{ path: "Device.ManagementServer.URL", value: "https://other.example.net/" }],
      parameterKey: "",
    });
    expect(box.acs.sessions.at(-1)?.settings.url).toBe("https://other.example.net/");
    await box.ask(endpoint, reset);
    expect(box.acs.sessions.at(-1)?.settings.url).toBe("http://acs.example.net/");
    expect(box.acs.events()).toEqual(["0 BOOTSTRAP", "1 BOOT"]);
  });

  it("is made up for when the process died before it could be carried out", async () => {
    const box = new Box();
    const never = new Promise<void>(() => undefined);
    const endpoint = await box.start({ actions: { factoryReset: () => never } });
    await box.ask(endpoint, reset);
    const resets: number[] = [];
    const restarting = box.restart(resettable(resets));
    await box.clock.advance(6_000);
    await restarting;
    expect(resets).toHaveLength(1);
    expect(box.acs.events()).toEqual(["0 BOOTSTRAP", "1 BOOT"]);
    await box.restart(resettable(resets));
    expect(resets).toHaveLength(1);
  });

  it("changes nothing when the device refuses, and is not tried again", async () => {
    const box = new Box();
    const refusing = { actions: { factoryReset: () => Promise.reject(new Error("no")) } };
    const endpoint = await box.start(refusing);
    await box.ask(endpoint, reset);
    const sessions = box.acs.sessions.length;
    const resets: number[] = [];
    await box.restart(resettable(resets));
    expect(resets).toEqual([]);
    expect(box.acs.sessions).toHaveLength(sessions);
  });

  it("is answered 9000 by a device that cannot", async () => {
    const box = new Box();
    const endpoint = await box.start();
    expect(await box.ask(endpoint, reset)).toMatchObject([{ method: "Fault", code: 9000 }]);
  });
});
