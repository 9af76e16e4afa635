import type { ModelValue } from "../../model/definition.ts";
import type { PollClass } from "../../model/snapshot.ts";
import type { DeviceWrite, RawAnswers, ReadPlan } from "../../southbound/driver.ts";
import { Missing } from "../evaluate/datum.ts";
import { type Row, Run } from "../evaluate/run.ts";
import { Trace } from "../evaluate/trace.ts";
import type {
  CompiledMapping,
  EvaluatedParameter,
  EvaluatedTable,
  Evaluation,
  MappedAssignment,
  PlannedWrite,
  PrinterIdentity,
  Provenance,
  SelectedMapping,
} from "../evaluation.ts";
import { readIdentity } from "./identity.ts";
import { type CompiledParameter, memoized } from "./parameter.ts";
import { type Program, type RowSet, parametersOf } from "./program.ts";
import { planFor } from "./read-plan.ts";
import { actionWrite, credentialFor, isWritten, planWrites } from "./write-plan.ts";

/** Row keys are made once and shared: comparing them between polls is then comparing pointers. */
const mostRowKeys = 4_096;

/** A program with everything around it that `fleet` asks for. */
export class RunnableMapping implements CompiledMapping {
  readonly selected: SelectedMapping;
  readonly writable: ReadonlySet<string>;
  readonly unverified: ReadonlySet<string>;
  readonly reboot: DeviceWrite | undefined;
  readonly factoryReset: DeviceWrite | undefined;
  readonly #program: Program;
  readonly #plans = new Map<string, ReadPlan>();
  readonly #selections = new Map<string, Selection>();
  readonly #rowKeys = new Map<RowSet, Map<string, string>>();

  constructor(selected: SelectedMapping, program: Program) {
    this.selected = selected;
    this.#program = program;
    this.writable = new Set(program.writes.keys());
    this.unverified = program.unverified;
    this.reboot = actionWrite(program.actions.reboot, program.profile);
    this.factoryReset = actionWrite(program.actions.factoryReset, program.profile);
  }

  readPlan(classes: readonly PollClass[]): ReadPlan {
    const key = classes.join();
    let plan = this.#plans.get(key);
    if (plan === undefined) this.#plans.set(key, (plan = planFor(this.#program, new Set(classes))));
    return plan;
  }

  evaluate(
    answers: RawAnswers,
    classes: readonly PollClass[],
    options: { readonly provenance?: boolean } = {},
  ): Evaluation {
    const selection = this.#selectionOf(classes);
    const run = new Run(answers);
    const parameters: EvaluatedParameter[] = [];
    const withProvenance = options.provenance === true;
    const untold = new Set<string>();
    for (const parameter of selection.parameters)
      this.#append(parameters, {
        parameter,
        run,
        row: undefined,
        rowKey: undefined,
        withProvenance,
        untold,
      });
    const tables = new Map<string, string[] | "unread">();
    for (const { rowSet, parameters: wanted } of selection.rowSets) {
      const rows = rowsOf(rowSet, run);
      if (rows instanceof Missing) {
        tables.set(rowSet.table, "unread");
        if (rows.isOfDocument) for (const { template } of wanted) untold.add(template);
        continue;
      }
      if (rows.length === 0 && isUnanswered(rowSet, run)) continue;
      const keys = rows.map((row) => this.#rowKey(rowSet, row.index));
      const known = tables.get(rowSet.table);
      if (known === undefined) tables.set(rowSet.table, keys);
      else if (known !== "unread") known.push(...keys);
      for (const [n, row] of rows.entries())
        for (const parameter of wanted)
          this.#append(parameters, {
            parameter,
            run,
            row,
            rowKey: keys[n],
            withProvenance,
            untold,
          });
    }
    const evaluation = { parameters, tables: readTables(tables) };
    return untold.size === 0 ? evaluation : { ...evaluation, untold };
  }

  identity(answers: RawAnswers): PrinterIdentity {
    const { identityReaders, identity } = this.#program;
    return readIdentity(identityReaders, identity, new Run(answers));
  }

  credentialFor(template: string): "snmp" | "ews" | undefined {
    return credentialFor(this.#program, template);
  }

  writePlan(assignments: readonly MappedAssignment[]): readonly PlannedWrite[] {
    return planWrites(this.#program, assignments);
  }

  isWritten(template: string, wanted: ModelValue, found: ModelValue | undefined): boolean {
    return isWritten(this.#program.writes.get(template)?.entry.write, wanted, found);
  }

  #append(out: EvaluatedParameter[], subject: Subject): void {
    const { parameter, run, row, rowKey } = subject;
    const { template, pollClass } = parameter;
    if (!subject.withProvenance) {
      const value = memoized(parameter, run, row);
      if (!(value instanceof Missing)) out.push({ template, rowKey, value, pollClass });
      else if (value.isOfDocument) subject.untold.add(template);
      return;
    }
    run.trace = new Trace();
    const value = parameter.evaluate(run, row);
    const { result } = run.trace;
    run.trace = undefined;
    if (value instanceof Missing) {
      if (value.isOfDocument) subject.untold.add(template);
      return;
    }
    const provenance = provenanceOf(parameter, result, run.readAtMs);
    out.push({ template, rowKey, value, pollClass, provenance });
  }

  #rowKey(rowSet: RowSet, index: string): string {
    let keys = this.#rowKeys.get(rowSet);
    if (keys === undefined) this.#rowKeys.set(rowSet, (keys = new Map<string, string>()));
    let key = keys.get(index);
    if (key === undefined) {
      if (keys.size >= mostRowKeys) keys.clear();
      keys.set(index, (key = `${rowSet.name}:${index}`));
    }
    return key;
  }

  #selectionOf(classes: readonly PollClass[]): Selection {
    const key = classes.join();
    let selection = this.#selections.get(key);
    if (selection === undefined)
      this.#selections.set(key, (selection = select(this.#program, new Set(classes))));
    return selection;
  }
}

interface Subject {
  readonly parameter: CompiledParameter;
  readonly run: Run;
  readonly row: Row | undefined;
  readonly rowKey: string | undefined;
  readonly withProvenance: boolean;
  /** Takes in what its document did not tell. */
  readonly untold: Set<string>;
}

/** The parameters of some poll classes. */
interface Selection {
  readonly parameters: readonly CompiledParameter[];
  readonly rowSets: readonly {
    readonly rowSet: RowSet;
    readonly parameters: readonly CompiledParameter[];
  }[];
}

function select(program: Program, classes: ReadonlySet<PollClass>): Selection {
  const isWanted = ({ pollClass }: CompiledParameter): boolean => classes.has(pollClass);
  return {
    parameters: [...program.parameters.values()].filter(isWanted),
    rowSets: program.rowSets.flatMap((rowSet) => {
      const parameters = parametersOf(rowSet).filter(isWanted);
      return parameters.length === 0 ? [] : [{ rowSet, parameters }];
    }),
  };
}

/** Rows of a row set; none of a fallback when the row sets before it have any. */
function rowsOf(rowSet: RowSet, run: Run): readonly Row[] | Missing {
  for (const other of rowSet.instead) {
    const rows = readRows(other, run);
    if (rows instanceof Missing) return rows;
    if (rows.length > 0) return [];
  }
  return readRows(rowSet, run);
}

/** Rows that have all they are required to have. */
function readRows(rowSet: RowSet, run: Run): readonly Row[] | Missing {
  const rows = rowSet.rows(run);
  if (rows instanceof Missing || rowSet.required.length === 0) return rows;
  const complete: Row[] = [];
  for (const row of rows) {
    const values = rowSet.required.map((parameter) => memoized(parameter, run, row));
    const missing = values.filter((value) => value instanceof Missing);
    const transient = missing.find(({ isTransient }) => isTransient);
    if (transient !== undefined) return transient;
    if (missing.length === 0) complete.push(row);
  }
  return complete;
}

/**
 * Whether a row set without rows says nothing: it is made of documents only and the printer has none of them. That a
 * printer has no page about scanners does not mean that it has no scanner.
 */
function isUnanswered({ needs, required }: RowSet, run: Run): boolean {
  const all = [needs, ...required.map((parameter) => parameter.needs)];
  const documents = all.flatMap((each) => [...each.documents.values()]);
  if (documents.length === 0 || all.some((each) => each.columns.size + each.scalars.size > 0))
    return false;
  return documents.every(({ name, extractions }) =>
    [...extractions.values()].every(({ kind, key }) => {
      const found = kind === "rows" ? run.documentRows(name, key) : run.documentValues(name, key);
      return found instanceof Missing;
    }),
  );
}

function readTables(tables: ReadonlyMap<string, string[] | "unread">): EvaluatedTable[] {
  return [...tables].flatMap(([template, rowKeys]) =>
    rowKeys === "unread" ? [] : [{ template, rowKeys }],
  );
}

function provenanceOf(
  { located, transforms }: CompiledParameter,
  { source, raw, rejected }: Trace["result"],
  readAtMs: number,
): Provenance {
  const { file, path } = located;
  const definedAt = `${file.name}.yaml:${file.lineOf(path)}`;
  return { source, raw, transforms, definedAt, readAtMs, rejected };
}
