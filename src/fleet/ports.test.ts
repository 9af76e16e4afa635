import { expectTypeOf, it } from "vitest";
import type { PrinterView } from "../presentation/printer-view.ts";
import type { Store } from "../store/store.ts";
import type { Printer } from "./printer.ts";
import type { PrinterStore } from "./printer-store.ts";

it("fits the rooms it meets in main.ts", () => {
  expectTypeOf<Printer>().toExtend<PrinterView>();
  expectTypeOf<Store["printers"]>().toExtend<PrinterStore>();
});
