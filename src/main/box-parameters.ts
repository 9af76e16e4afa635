import type { Explanation, ParameterView, SetOutcome, SetPlan } from "../api/local-service.ts";
import type { CwmpType, ParameterAssignment } from "../cwmp/parameter-tree.ts";
import type { CheckedAssignments } from "../cwmp/rpc/assignments.ts";
import { FleetError } from "../fleet/errors.ts";
import type { Printer, PrinterExplanation } from "../fleet/printer.ts";
import { isStale } from "../model/staleness.ts";
import type { Clock } from "../shared/clock.ts";
import { SouthboundError } from "../southbound/errors.ts";
import type { Store } from "../store/store.ts";
import {
  type Place,
  type PlaceSources,
  pathsIn,
  placeOf,
  printerPath,
  requireWithin,
} from "./box-places.ts";
import { isoTime } from "./iso-time.ts";
import { type SplitAssignments, planSet, splitAssignments } from "./set-plan.ts";
import { typedValue } from "./typed-value.ts";

/** A person at the CLI waits this long for a fresh value before the last known one is shown. */
const readDeadlineMs = 20_000;

/** What reading and setting parameters from the box takes. */
export interface BoxParametersOptions extends PlaceSources {
  readonly clock: Clock;
  readonly store: Pick<Store, "audit">;
}

/** Parameters of printers and of the box, as the ACS sees them, for somebody at the box. Unknown targets give undefined. */
export class BoxParameters {
  readonly #options: BoxParametersOptions;

  constructor(options: BoxParametersOptions) {
    this.#options = options;
  }

  /** Last known values below `path` (a full name, a partial path ending with a dot, or empty). */
  known(target: string, path: string): Readonly<Record<string, ParameterView>> | undefined {
    const place = placeOf(target, this.#options);
    if (place === undefined) return undefined;
    const { endpoint } = place;
    const printer = this.#options.fleet.printer(target);
    const views = pathsIn(place, path).flatMap((name) => {
      const value = endpoint.tree.get(name);
      return value === undefined ? [] : [[name, this.#view(name, value, place, printer)] as const];
    });
    return Object.fromEntries(views);
  }

  /** The same after reading afresh what is older than its poll class. */
  async read(
    target: string,
    path: string,
  ): Promise<Readonly<Record<string, ParameterView>> | undefined> {
    const place = placeOf(target, this.#options);
    if (place === undefined) return undefined;
    const deadlineMs = this.#options.clock.nowMs() + readDeadlineMs;
    await place.endpoint.refresh(pathsIn(place, path), deadlineMs);
    return this.known(target, path);
  }

  /** All or nothing, by the rules of SetParameterValues. */
  async set(target: string, values: Values, who: "cli" | "api"): Promise<SetOutcome | undefined> {
    const place = placeOf(target, this.#options);
    if (place === undefined) return undefined;
    const { endpoint } = place;
    const assignments = assignmentsOf(values, place);
    const checked = endpoint.check(assignments);
    // The fleet notes down what it writes to the printer, for whomever.
    const noted =
      checked.faults.length > 0 ? assignments : this.#split(target, checked, place).ofBox;
    const before = new Map(noted.map(({ path }) => [path, endpoint.tree.get(path)?.value]));
    const outcome = await endpoint.set(assignments, who);
    await this.#options.store.audit.append(
      noted.map(({ path, value }) => ({
        who,
        device: target,
        path,
        before: before.get(path),
        after: value,
        outcome: outcomeFor(path, outcome),
      })),
    );
    return outcome;
  }

  /** What {@link set} would do. */
  async plan(target: string, values: Values): Promise<SetPlan | undefined> {
    const place = placeOf(target, this.#options);
    if (place === undefined) return undefined;
    const checked = place.endpoint.check(assignmentsOf(values, place));
    return planSet(checked, place, this.#options.fleet.printer(target));
  }

  /** Where one value came from. */
  async explain(target: string, path: string): Promise<Explanation | undefined> {
    const found = await this.#explainLive(target, path);
    if (found === undefined) return this.#explainOwn(target, path);
    if ("silent" in found) return found.silent;
    const { provenance, quarantined, value } = found;
    const note = quarantined === undefined ? {} : { note: `held back: ${quarantined.reason}` };
    if (provenance === undefined)
      return { ...this.#made(path, value), ...this.#lastKnown(target, path), ...note };
    const { readAtMs, ...rest } = provenance;
    return { path, value, ...rest, readAt: isoTime(readAtMs), ...note };
  }

  #split(target: string, checked: CheckedAssignments, place: Place): SplitAssignments {
    return splitAssignments(checked, place, this.#options.fleet.printer(target));
  }

  #view(
    path: string,
    { type, value }: { readonly type: CwmpType; readonly value: string },
    place: Place,
    printer: Printer | undefined,
  ): ParameterView {
    const snapshot = printer?.snapshot();
    const position = snapshot?.shape.indexOf.get(printerPath(place, path));
    const pollClass = snapshot?.shape.pollClasses[position ?? -1];
    const typed = { value: typedValue(type, value), type };
    if (
      printer === undefined ||
      snapshot === undefined ||
      position === undefined ||
      pollClass === undefined
    )
      return {
        ...typed,
        readAt: null,
        stale: false,
        source: "mfpgate",
        writable: place.endpoint.tree.node(path)?.writable ?? false,
      };
    return {
      ...typed,
      readAt: isoTime(snapshot.readAtMs[pollClass]),
      stale: isStale(snapshot, pollClass, this.#options.clock.nowMs(), printer.periodsMs),
      source: printer.facts().mapping,
      writable: snapshot.shape.writable[position] ?? false,
    };
  }

  /** A live explanation, or the last known value of a printer that does not answer just now. */
  async #explainLive(
    target: string,
    path: string,
  ): Promise<PrinterExplanation | { readonly silent: Explanation | undefined } | undefined> {
    try {
      const place = placeOf(target, this.#options);
      return await this.#options.fleet.explain(
        target,
        place === undefined ? path : printerPath(place, path),
      );
    } catch (error) {
      if (!(error instanceof SouthboundError) && !(error instanceof FleetError)) throw error;
      const known = this.#explainOwn(target, path);
      const note = `last known value; the printer does not answer: ${error.message}`;
      return { silent: known === undefined ? undefined : { ...known, note } };
    }
  }

  #explainOwn(target: string, path: string): Explanation | undefined {
    const value = placeOf(target, this.#options)?.endpoint.tree.get(path);
    return value === undefined ? undefined : this.#made(path, typedValue(value.type, value.value));
  }

  /** Of a value the printer told once and does not tell now: when that was. */
  #lastKnown(target: string, path: string): Partial<Explanation> {
    const view = this.known(target, path)?.[path];
    if (view?.stale !== true || view.readAt === null) return {};
    const { source, readAt } = view;
    return { source, readAt, note: "last known value; the printer does not tell it just now" };
  }

  /** A value no printer said. */
  #made(path: string, value: string | number | boolean): Explanation {
    return {
      path,
      value,
      source: "mfpgate",
      raw: String(value),
      transforms: [],
      definedAt: "",
      readAt: isoTime(this.#options.clock.nowMs()),
      rejected: [],
      note: "made by mfpgate itself, or not told by the printer just now",
    };
  }
}

type Values = Readonly<Record<string, string>>;

/** What is noted down of one parameter of a set: its own reason, or that another one is why. */
function outcomeFor(path: string, outcome: SetOutcome): string {
  if (outcome.outcome !== "refused") return outcome.outcome;
  const { faults, text } = outcome;
  if (faults.length === 0) return `refused: ${text}`;
  const own = faults.find((fault) => fault.path === path)?.text;
  return `refused: ${own ?? "another value of the same write was refused"}`;
}

/** @throws {ApiError} 404 for a name outside the printer's own row */
function assignmentsOf(values: Values, place: Place): readonly ParameterAssignment[] {
  return Object.entries(values).map(([path, value]) => {
    requireWithin(place, path);
    return { path, value };
  });
}
