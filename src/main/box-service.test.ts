import { expect, it } from "vitest";
import { MemoryTree } from "../../test/cwmp/memory-tree.ts";
import { ApiError } from "../api/api-error.ts";
import { ManagementServer } from "../cwmp/management-server/management-server.ts";
import { MergedTree } from "../cwmp/tree/merged-tree.ts";
import { BoxService, type BoxServiceOptions } from "./box-service.ts";

it("calls an unknown path the caller's mistake, not a failure of the service", async () => {
  const management = new ManagementServer({
    defaults: {
      url: "",
      username: "",
      password: "",
      periodicInformEnable: false,
      periodicInformIntervalS: 60,
      connectionRequestUsername: "",
      connectionRequestPassword: "",
    },
    settings: new Map(),
    connectionRequestUrl: () => "",
  });
  const endpoint = { tree: new MergedTree(management, new MemoryTree()) };
  const box = new BoxService({
    endpoints: { get: () => endpoint },
    fleet: { printer: () => undefined },
    clock: { nowMs: () => 0 },
  } as unknown as BoxServiceOptions);
  expect(() => box.parameters("p1", "Device.Nothing")).toThrow(
    new ApiError(404, "Invalid parameter name: Device.Nothing"),
  );
  await expect(box.read("p1", "Device.Nothing")).rejects.toMatchObject({ status: 404 });
});
