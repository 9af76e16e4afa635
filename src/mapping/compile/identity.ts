import { withoutMaker } from "../derive/state.ts";
import { Missing, type Outcome } from "../evaluate/datum.ts";
import type { Run } from "../evaluate/run.ts";
import type { PrinterIdentity } from "../evaluation.ts";
import type { IdentityEntry, Source } from "../schema.ts";
import type { CompileContext, Reader } from "./context.ts";
import { compileFirst } from "./source.ts";

/** Readers of the parts of an identity, by name; each value is worked out once a run. */
export type IdentityReaders = ReadonlyMap<string, Reader>;

const notTold = new Missing("the mapping does not say where it is");

/** Compiles the identity section. */
export function compileIdentity(entry: IdentityEntry, context: CompileContext): IdentityReaders {
  const { manufacturer, aliases } = entry;
  const readers = new Map<string, Reader>();
  const add = (part: string, sources: readonly Source[] | undefined): void => {
    const read = sources === undefined ? () => notTold : compileFirst(sources, context);
    readers.set(part, (run) => oncePerRun(part, read, run));
  };
  add(
    "manufacturer",
    typeof manufacturer === "string" ? [{ constant: manufacturer }] : manufacturer,
  );
  add("aliases", aliases === undefined ? undefined : [{ constant: aliases.join("\n") }]);
  add("model", entry.model);
  add("serialNumber", entry.serialNumber);
  add("macAddress", entry.macAddress);
  add("deviceId", entry.deviceId);
  return readers;
}

function oncePerRun(part: string, read: Reader, run: Run): Outcome {
  const known = run.identityMemo.get(part);
  if (known !== undefined && run.trace === undefined) return known;
  if (known === notTold) return known;
  run.identityMemo.set(part, notTold);
  const value = read(run, undefined);
  const outcome = value instanceof Missing ? value : run.text(value);
  run.identityMemo.set(part, outcome);
  return outcome;
}

/** Who the printer is, by the mapping's identity section. */
export function readIdentity(
  readers: IdentityReaders,
  entry: IdentityEntry,
  run: Run,
): PrinterIdentity {
  const part = (name: string): string | undefined => {
    const value = readers.get(name)?.(run, undefined);
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const manufacturer = part("manufacturer");
  const model = part("model");
  const serialNumber = part("serialNumber");
  const macAddress = part("macAddress");
  const oui = universalOui(macAddress) ?? entry.oui;
  return {
    ...(manufacturer === undefined ? {} : { manufacturer }),
    ...(oui === undefined ? {} : { oui }),
    ...(model === undefined
      ? {}
      : { productClass: withoutMaker(model, [manufacturer, ...(entry.aliases ?? [])]) }),
    ...(serialNumber === undefined || isPlaceholderSerial(serialNumber) ? {} : { serialNumber }),
    ...(macAddress === undefined ? {} : { macAddress }),
  };
}

/** OUI of a MAC whose universal/local bit is clear: only then does it name a maker. */
function universalOui(mac: string | undefined): string | undefined {
  if (mac === undefined || (Number.parseInt(mac.slice(0, 2), 16) & 2) === 2) return undefined;
  return mac.replaceAll(":", "").slice(0, 6).toUpperCase();
}

/** Serials printers have before they were given one, or that all of a batch share (Xerox Phaser 6130N: 000000000). */
function isPlaceholderSerial(serial: string): boolean {
  const text = serial.trim().toLowerCase();
  return (
    /^(.)\1*$/.test(text) ||
    /^(unknown|none|null|n\/?a|not (available|set)|default|undefined|0*1?23456789?0?)$/.test(text)
  );
}
