import { systemClock } from "../../src/shared/clock.ts";
import {
  type SimulatedAddress,
  startSimulatedPrinters,
} from "../../src/simulator/printer-fleet.ts";
import { serve } from "../support/helper.ts";

/** Simulated printers replaying one recording. */
export interface AgentsConfig {
  readonly recording: string;
  readonly addresses: readonly SimulatedAddress[];
}

/** A print job on every printer. */
export interface PrintJob {
  readonly pages: number;
}

serve(async (config) => {
  const { recording, addresses } = config as AgentsConfig;
  const count = addresses.length;
  const fleet = await startSimulatedPrinters({
    recordings: [recording],
    count,
    addresses,
    clock: systemClock,
  });
  return {
    ready: { count },
    answer: (question) => {
      const { pages } = question as PrintJob;
      for (const printer of fleet.printers) printer.print(pages);
      return Promise.resolve({ pages });
    },
    stop: () => fleet.stop(),
  };
});
