import { ProxierError } from "../shared/errors.ts";
import type { CancelTimer, Clock } from "../shared/clock.ts";
import type { EwsFailure } from "./ews/failures.ts";
import { failureTypes, parseFailure } from "./ews/parse-failure.ts";
import { mibObject } from "./printer-mib.ts";
import { SimulatedPrinter, type SimulatedWebPrinter } from "./printer-fleet.ts";

/** What can happen to a simulated printer. */
export type ScenarioAction =
  | { readonly type: "print"; readonly pages: number; readonly colour?: number }
  | { readonly type: "setText"; readonly oid: string; readonly text: string }
  | { readonly type: "setNumber"; readonly oid: string; readonly value: number }
  | { readonly type: "relocate"; readonly location: string }
  /** Something goes wrong with the web pages, until `webRecover` or after `failure.times`. */
  | { readonly type: "webFailure"; readonly failure: EwsFailure }
  | { readonly type: "webRecover" }
  | { readonly type: PlainAction };

const plainActions = [
  "jam",
  "clearJam",
  "openCover",
  "closeCover",
  "runOutOfPaper",
  "loadPaper",
  "replaceSupplies",
  "powerOff",
  "powerOn",
] as const;
type PlainAction = (typeof plainActions)[number];

/** One line of a timetable. */
export interface ScenarioStep {
  /** Counted from the start of the scenario. */
  readonly atMs: number;
  /** Repeats the step at this distance, at least 100 ms. */
  readonly everyMs?: number;
  /** Names of printers, or every printer. */
  readonly printers: "all" | readonly string[];
  readonly action: ScenarioAction;
}

/** Whom a scenario can happen to. */
export type ScenarioPrinter = SimulatedPrinter | SimulatedWebPrinter;

/** A timetable of events; plain data, so that it can be written as JSON or YAML. */
export interface Scenario {
  readonly name: string;
  readonly steps: readonly ScenarioStep[];
}

/** What a demonstration shows: printers work all the time, one jams and is cleared, one is carried elsewhere. */
export const demoScenario: Scenario = {
  name: "demo",
  steps: [
    { atMs: 5_000, everyMs: 5_000, printers: "all", action: { type: "print", pages: 3 } },
    {
      atMs: 40_000,
      everyMs: 180_000,
      printers: ["kyocera-ecosys-m6690cidn"],
      action: { type: "jam" },
    },
    {
      atMs: 100_000,
      everyMs: 180_000,
      printers: ["kyocera-ecosys-m6690cidn"],
      action: { type: "clearJam" },
    },
    {
      atMs: 60_000,
      printers: ["brother-mfc-l8990cdw"],
      action: { type: "relocate", location: "Werkstatt, Halle 2" },
    },
    { atMs: 120_000, printers: ["dell-s5890dn"], action: { type: "powerOff" } },
    { atMs: 240_000, printers: ["dell-s5890dn"], action: { type: "powerOn" } },
  ],
};

/** A scenario that cannot be run (`simulator.scenario`); the message names the step. */
export class ScenarioError extends ProxierError {
  override readonly name = "ScenarioError";

  constructor(message: string) {
    super(message, { code: "simulator.scenario" });
  }
}

/**
 * Starts a scenario on running printers; the result stops it.
 *
 * @throws {ScenarioError} when a step names a printer that is not there
 */
export function runScenario(
  scenario: Scenario,
  printers: readonly ScenarioPrinter[],
  clock: Clock,
): CancelTimer {
  const cancels = scenario.steps.map((step, n) => {
    const concerned = printersOf(step, n, printers);
    return schedule(step, clock, () => {
      for (const printer of concerned) applyAction(step.action, printer);
    });
  });
  return () => {
    for (const cancel of cancels) cancel();
  };
}

/** Lets one action happen to one printer now. */
function applyAction(action: ScenarioAction, printer: ScenarioPrinter): void {
  if (action.type === "webFailure") printer.web?.fail(action.failure);
  else if (action.type === "webRecover") printer.web?.recover();
  else if (printer instanceof SimulatedPrinter) applyToAgent(action, printer);
}

type WebAction = Extract<ScenarioAction, { readonly type: "webFailure" | "webRecover" }>;

function applyToAgent(action: Exclude<ScenarioAction, WebAction>, printer: SimulatedPrinter): void {
  switch (action.type) {
    case "print":
      // A printer that is off or jammed prints nothing; the scenario need not know.
      if (printer.isOn && !printer.ageing.isStopped) printer.print(action.pages, action.colour);
      return;
    case "setText":
      printer.set(action.oid, action.text);
      return;
    case "setNumber":
      printer.set(action.oid, action.value);
      return;
    case "relocate":
      printer.set(mibObject.sysLocation, action.location);
      return;
    case "powerOff":
    case "powerOn":
      printer[action.type]();
      return;
    default:
      printer.ageing[action.type]();
  }
}

function printersOf(
  step: ScenarioStep,
  n: number,
  printers: readonly ScenarioPrinter[],
): readonly ScenarioPrinter[] {
  if (step.printers === "all") return printers;
  return step.printers.map((name) => {
    const printer = printers.find((candidate) => candidate.name === name);
    if (printer === undefined)
      throw new ScenarioError(`step ${n + 1} names ${name}, which is not simulated`);
    const isForWeb = step.action.type === "webFailure" || step.action.type === "webRecover";
    if (isForWeb ? printer.web === undefined : !(printer instanceof SimulatedPrinter))
      throw new ScenarioError(
        `step ${n + 1}: ${name} has no ${isForWeb ? "web pages" : "SNMP agent"}`,
      );
    return printer;
  });
}

const shortestRepeatMs = 100;

function schedule(step: ScenarioStep, clock: Clock, run: () => void): CancelTimer {
  let cancel: CancelTimer;
  const again = (): void => {
    run();
    if (step.everyMs !== undefined)
      cancel = clock.after(Math.max(shortestRepeatMs, step.everyMs), again);
  };
  cancel = clock.after(step.atMs, again);
  return () => {
    cancel();
  };
}

/**
 * Checks a scenario that came from outside (a parsed JSON or YAML file).
 *
 * @throws {ScenarioError} naming the step and what is wrong with it
 */
export function parseScenario(source: unknown): Scenario {
  const { name, steps } = asRecord(source, "a scenario");
  if (typeof name !== "string" || !Array.isArray(steps))
    throw new ScenarioError('a scenario needs "name" and a list of "steps"');
  return { name, steps: steps.map((step: unknown, n) => parseStep(step, `step ${n + 1}`)) };
}

function parseStep(source: unknown, where: string): ScenarioStep {
  const { atMs, everyMs, printers, action } = asRecord(source, where);
  if (!isCount(atMs)) throw new ScenarioError(`${where}: "atMs" must be milliseconds from 0`);
  if (everyMs !== undefined && !isCount(everyMs))
    throw new ScenarioError(`${where}: "everyMs" must be milliseconds`);
  if (printers !== "all" && !isTextList(printers))
    throw new ScenarioError(`${where}: "printers" must be all or a list of names`);
  const repeat = everyMs === undefined ? {} : { everyMs };
  return { atMs, ...repeat, printers, action: parseAction(asRecord(action, where), where) };
}

function parseAction(action: Readonly<Record<string, unknown>>, where: string): ScenarioAction {
  const { type, pages, colour, oid, text, value, location, failure } = action;
  const plain = plainActions.find((name) => name === type);
  if (plain !== undefined) return { type: plain };
  if (type === "print" && isCount(pages))
    return { type, pages, ...(isCount(colour) ? { colour } : {}) };
  if (type === "setText" && typeof oid === "string" && typeof text === "string")
    return { type, oid, text };
  if (type === "setNumber" && typeof oid === "string" && typeof value === "number")
    return { type, oid, value };
  if (type === "relocate" && typeof location === "string") return { type, location };
  if (type === "webRecover") return { type };
  if (type === "webFailure") return { type, failure: readFailure(failure, where) };
  const others = ["print", "setText", "setNumber", "relocate", "webFailure", "webRecover"];
  const known = [...others, ...plainActions].join(", ");
  throw new ScenarioError(`${where}: "action" must be complete and one of ${known}`);
}

function readFailure(source: unknown, where: string): EwsFailure {
  const failure = parseFailure(source);
  if (failure !== undefined) return failure;
  const known = failureTypes.join(", ");
  throw new ScenarioError(`${where}: "failure" must be complete and of a type of ${known}`);
}

function asRecord(value: unknown, where: string): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new ScenarioError(`${where} must be an object`);
  return Object.fromEntries(Object.entries(value));
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function isTextList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === "string");
}
