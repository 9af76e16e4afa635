import { describe, expectTypeOf, it } from "vitest";
import type { EndpointStore } from "../cwmp/endpoint-store.ts";
import type { TransferStore } from "../cwmp/transfers/transfer-store.ts";
import type { PrinterStore } from "../fleet/printer-store.ts";
import type { Store } from "./store.ts";

describe("store", () => {
  it("fits the ports of the rooms that need it", () => {
    expectTypeOf<Store["endpoints"]>().toExtend<EndpointStore>();
    expectTypeOf<Store["printers"]>().toExtend<PrinterStore>();
    expectTypeOf<Store["transfers"]>().toExtend<TransferStore>();
  });
});
