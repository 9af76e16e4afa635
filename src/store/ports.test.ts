import { describe, expectTypeOf, it } from "vitest";
import type { EndpointStore } from "../cwmp/endpoint-store.ts";
import type { TransferStore } from "../cwmp/transfers/transfer-store.ts";
import type { PrinterStore } from "../fleet/printer-store.ts";
import type { CommandStore } from "../presentation/embedded/command-record.ts";
import type { Store } from "./store.ts";

describe("store", () => {
  it("fits the ports of the rooms that need it", () => {
    expectTypeOf<Store["endpoints"]>().toExtend<EndpointStore>();
    expectTypeOf<Store["printers"]>().toExtend<PrinterStore>();
    expectTypeOf<Store["presentation"]>().toExtend<CommandStore>();
    expectTypeOf<Store["transfers"]>().toExtend<TransferStore>();
  });
});
