import type { ValueChange } from "../../model/snapshot.ts";
import { toWire } from "../../model/values.ts";
import {
  type AssignmentTarget,
  assignmentFault,
  provisioningCodeDefinition,
} from "../assignment.ts";
import type { PrinterView } from "../printer-view.ts";
import type {
  Assignment,
  AssignmentFault,
  DeviceTree,
  ProvisioningCode,
  TreeNode,
  TreeValue,
  TreeWriteResult,
  TreeWriter,
} from "../tree.ts";
import type { VirtualContext, VirtualEnvironment } from "./context.ts";
import { modelPaths } from "./device-info.ts";
import { type Layout, definitionAt, layoutOf } from "./layout.ts";
import { factPaths } from "./proxy.ts";
import { writeTogether } from "./write.ts";

/** Everything one virtual device is made of. */
export interface VirtualTreeOptions {
  readonly view: PrinterView;
  readonly provisioningCode: ProvisioningCode;
  readonly environment: VirtualEnvironment;
}

/** The printer as it is now, and how its tree looks. */
interface Current extends VirtualContext {
  readonly layout: Layout;
}

/** The data model of one printer shown as a CWMP device of its own (TR-069a6 Annex J, virtual device). */
export class VirtualTree implements DeviceTree {
  readonly #options: VirtualTreeOptions;
  #latest: Current | undefined;
  /** Values being written by `write`, whose changes are not news. */
  #writing: ReadonlyMap<string, unknown> = new Map();

  constructor(options: VirtualTreeOptions) {
    this.#options = options;
  }

  nodes(): readonly TreeNode[] {
    return this.#current().layout.nodes;
  }

  get(path: string): TreeValue | undefined {
    const current = this.#current();
    const { layout, snapshot } = current;
    const index = snapshot.shape.indexOf.get(path);
    if (index === undefined) {
      const parameter = layout.computed.get(path);
      if (parameter === undefined) return undefined;
      return { path, type: parameter.type, value: parameter.read(current) };
    }
    const type = snapshot.shape.types[index];
    const value = snapshot.values[index];
    if (type === undefined || value === undefined) return undefined;
    return { path, type, value: layout.hidden.has(index) ? "" : toWire(value, type) };
  }

  async refresh(paths: readonly string[], deadlineMs: number): Promise<void> {
    const { layout, snapshot } = this.#current();
    const sources = paths.flatMap((path) => {
      if (path === "" || path.endsWith("."))
        return snapshot.shape.paths.filter((known) => known.startsWith(path));
      if (snapshot.shape.indexOf.has(path)) return [path];
      return layout.computed.get(path)?.sources ?? [];
    });
    if (sources.length > 0) await this.#options.view.refresh(sources, deadlineMs);
  }

  validate(assignment: Assignment): AssignmentFault | undefined {
    const { path, value } = assignment;
    const fault = assignmentFault(assignment, this.#target(path));
    if (fault !== undefined || !this.#current().snapshot.shape.indexOf.has(path)) return fault;
    // Printers' texts are read without them: the ACS would find another value than it wrote, and write it again.
    if (value === value.trim()) return undefined;
    return { path, code: 9007, text: "begins or ends with a blank, which is not kept" };
  }

  async write(
    assignments: readonly Assignment[],
    who: TreeWriter = "acs",
  ): Promise<TreeWriteResult> {
    const { view, provisioningCode, environment } = this.#options;
    const { snapshot } = this.#current();
    const result = await writeTogether(assignments, {
      view,
      who,
      provisioningCode,
      snapshot,
      during: (values) => {
        this.#writing = values;
      },
    });
    if (result.outcome !== "refused") {
      const paths = assignments.map(({ path }) => path);
      await environment.onWritten?.(view.id, paths);
    }
    return result;
  }

  onChange(listener: (paths: readonly string[]) => void): () => void {
    let { layout } = this.#current();
    return this.#options.view.onChange(({ values, facts }) => {
      const before = layout;
      ({ layout } = this.#current());
      const paths = new Set([...this.#newsOf(values, before), ...changedPlan(before, layout)]);
      if (facts) for (const path of factPaths) if (this.#isFactNews(path)) paths.add(path);
      if (paths.size > 0) listener([...paths]);
    });
  }

  /** What is being set by `write` is no news. */
  #isFactNews(path: string): boolean {
    return this.#current().layout.computed.has(path) && !this.#writing.has(path);
  }

  /** The changed parameters, and what follows them; gone ones are told too, so that whoever watches them notices. */
  #newsOf(values: readonly ValueChange[], before: Layout): string[] {
    const { layout } = this.#current();
    return values.flatMap(({ path, after }) => {
      const isOwn = this.#writing.has(path) && this.#writing.get(path) === after;
      const followers = layout.followers.get(path) ?? before.followers.get(path) ?? [];
      return isOwn ? followers : [path, ...followers];
    });
  }

  #target(path: string): AssignmentTarget | undefined {
    const { layout, snapshot } = this.#current();
    const index = snapshot.shape.indexOf.get(path);
    const definition = definitionAt(path);
    if (index !== undefined && definition !== undefined) {
      const writable = snapshot.shape.writable[index] === true;
      const whyReadOnly = writable ? undefined : this.#options.view.whyReadOnly?.(path);
      return { definition, writable, whyReadOnly };
    }
    const parameter = layout.computed.get(path);
    if (parameter === undefined) return undefined;
    return {
      definition: definition ?? provisioningCodeDefinition,
      writable: parameter.writable === true,
    };
  }

  /** Made anew only when the printer has another snapshot: every Inform reads through here. */
  #current(): Current {
    const { view } = this.#options;
    const snapshot = view.snapshot();
    if (this.#latest?.snapshot === snapshot) return this.#latest;
    const layout = layoutOf(snapshot);
    this.#latest = { ...this.#options, snapshot, layout, nodes: layout.nodes };
    return this.#latest;
  }
}

/** Computed parameters that came, went, or count rows, when the list of parameters is another one than before. */
function changedPlan(before: Layout, after: Layout): readonly string[] {
  if (before === after) return [];
  const cameOrWent = (path: string) => !before.computed.has(path) || !after.computed.has(path);
  const paths = [...before.computed.keys(), ...after.computed.keys()];
  const counts = paths.filter((path) => path.endsWith("NumberOfEntries"));
  return [...paths.filter(cameOrWent), ...counts, ...modelPaths];
}
