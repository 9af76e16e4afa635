import { logger } from "../../shared/log.ts";
import { CwmpFault } from "../faults.ts";
import {
  type ManagementServer,
  isManagementServerScalar,
} from "../management-server/management-server.ts";
import type { ParameterNode, ParameterTree, ParameterValue } from "../parameter-tree.ts";
import { type RootModel, device2 } from "../root-model.ts";
import type { ParameterInfo } from "../soap/message.ts";
import { Addressing } from "./addressing.ts";
import { Aliases, aliasSetting, rowOfAlias } from "./aliases.ts";
import { OwnTables, isInOwnTable, ownTables } from "./own-tables.ts";
import { aliasProblem, isRow, isSymbolic, longestPath } from "./paths.ts";
import { type TreeShape, isOwnIn, isSettingOf, shapeOf } from "./shape.ts";
import { TreeNames } from "./tree-names.ts";

const log = logger("cwmp.tree.merged-tree");

/** Parameters one pattern may name where nobody waits for all of them. */
const mostMatching = 2_000;

const noSettings: ReadonlyMap<string, string> = new Map();
const noAliases = new Aliases(noSettings);
const noRows = new OwnTables(noSettings);

/**
 * One view of an endpoint: what belongs to the endpoint itself (`Device.ManagementServer.` and the Alias of every row)
 * within the data model of its device.
 */
export class MergedTree {
  readonly #management: ManagementServer;
  readonly #device: ParameterTree;
  // Most endpoints never have any.
  #aliases: Aliases | undefined;
  #ownTables: OwnTables | undefined;

  /** What the tree is an instance of. */
  readonly rootModel: RootModel;

  constructor(management: ManagementServer, device: ParameterTree, rootModel = device2) {
    this.#management = management;
    this.#device = device;
    this.rootModel = rootModel;
  }

  /** Aliases of rows. */
  get aliases(): Aliases {
    const { settings } = this.#management;
    return settings.has(aliasSetting) ? (this.#aliases ??= new Aliases(settings)) : noAliases;
  }

  /** Rows of the endpoint's own tables. */
  get ownTables(): OwnTables {
    const { settings } = this.#management;
    const hasRows = ownTables.some(({ setting }) => settings.has(setting));
    return hasRows ? (this.#ownTables ??= new OwnTables(settings)) : noRows;
  }

  /** All names as they are now. */
  shape(): TreeShape {
    return shapeOf(this.#device.nodes(), this.rootModel, this.#management.nodes);
  }

  /** All names as they are now, rows of tables included. */
  #all(): TreeNames {
    const tables = this.#device.tables?.() ?? [];
    const own = this.ownTables;
    return new TreeNames(this.shape(), own === noRows ? tables : [...own.tables(), ...tables]);
  }

  /** The node at exactly this path. */
  node(path: string): ParameterNode | undefined {
    return this.#all().node(path);
  }

  /** Paths of the nodes at `path` and below; nothing for an unknown one. */
  below(path: string): readonly string[] {
    return [...this.#all().below(path)].map((node) => node.path);
  }

  /** The rows of a table, by number. */
  rows(table: string): readonly string[] {
    return this.#all().rows(table);
  }

  /** Parameters whose notification is active without anybody asking for it. */
  activeByDefault(): Iterable<ParameterNode> {
    return this.#all().activeByDefault();
  }

  /** The value of a parameter, as the ACS sees it; undefined for what is none. */
  get(path: string): ParameterValue | undefined {
    if (!this.isOwn(path)) return this.#device.get(path);
    const row = rowOfAlias(path);
    if (row !== undefined) {
      const isThere = this.node(path) !== undefined;
      return isThere ? { path, type: "string", value: this.aliases.of(row) } : undefined;
    }
    if (!isOwnIn(this.rootModel, path)) return undefined;
    return this.#management.get(path) ?? this.ownTables.get(path);
  }

  /** Whether what is at `path` belongs to the endpoint itself and not to its device. */
  isOwn(path: string): boolean {
    if (isManagementServerScalar(path) || isInOwnTable(path)) return true;
    return rowOfAlias(path) !== undefined && this.shape().hasAliases;
  }

  /**
   * The same path with instance numbers in place of aliases (TR-069a6 §3.6.1); undefined when it is malformed, too long,
   * or names a row that is not there. What it names need not exist otherwise.
   */
  resolve(path: string): string | undefined {
    if (!isSymbolic(path)) return path.length > longestPath ? undefined : path;
    return this.shape().hasAliases ? this.#addressing().resolve(path) : undefined;
  }

  /** Whether a row with this alias could be added to `table`. */
  canBeAdded(table: string, alias: string): boolean {
    const node = this.node(table);
    if (!this.shape().hasAliases || isRow(table) || node?.type !== undefined) return false;
    if (node?.writable !== true || aliasProblem(alias) !== undefined) return false;
    return (
      !/^cpe-\d+$/.test(alias) && !this.rows(table).some((row) => this.aliases.of(row) === alias)
    );
  }

  /** How paths are written for the ACS: with numbers or aliases, as it chose (TR-181i2 InstanceMode). */
  naming(): (path: string) => string {
    const hasMode = isSettingOf(this.rootModel, "Device.ManagementServer.InstanceMode");
    if (!hasMode || this.#management.text("InstanceMode") === "InstanceNumber") return asItIs;
    const addressing = this.#addressing();
    return (path) => addressing.byAliases(path);
  }

  /**
   * The answer to GetParameterNames (TR-069a6 A.3.2.3).
   * @throws {CwmpFault} 9005 unknown path; 9003 a parameter with `nextLevel`
   */
  names(path: string, nextLevel: boolean): readonly ParameterInfo[] {
    const all = this.#all();
    // The empty path stands for what is above the root: its only child is `Device.`.
    if (path === "")
      return (nextLevel ? this.shape().nodes.slice(0, 1) : [...all.below("")]).map(toInfo);
    const found = this.#expanded(path, all);
    if (!nextLevel) return found.flatMap((each) => [...all.below(each)]).map(toInfo);
    if (!path.endsWith(".")) {
      throw new CwmpFault(9003, `${path} is a parameter and has no next level`);
    }
    return found.flatMap((each) => all.children(each)).map(toInfo);
  }

  /**
   * The parameters that full and partial paths name, wildcards for instances included, each once, in order of first
   * mention.
   * @param most more are not looked for: a tree with thousands of devices in it would stop every other session
   * @throws {CwmpFault} 9005 when one of the paths is unknown; 9004 when they name more than `most`
   */
  parameters(paths: readonly string[], most = Infinity): readonly ParameterNode[] {
    const all = this.#all();
    const found = new Map<string, ParameterNode>();
    // A path named again adds nothing; going through `Device.` ten thousand times would stop every other session.
    for (const path of new Set(paths)) {
      for (const each of path === "" ? [""] : this.#expanded(path, all)) {
        for (const node of all.below(each)) {
          if (node.type !== undefined) found.set(node.path, node);
          if (found.size > most) throw new CwmpFault(9004, `more than ${most} parameters`);
        }
      }
    }
    return [...found.values()];
  }

  /** The parameters a path or pattern names; none when it names nothing. */
  matching(pattern: string): readonly string[] {
    try {
      return this.parameters([pattern], mostMatching).map(({ path }) => path);
    } catch (error) {
      if (!(error instanceof CwmpFault)) throw error;
      if (error.faultCode !== 9005)
        log.warn("pattern left out", { pattern, reason: error.message });
      return [];
    }
  }

  #addressing(names = this.#all()): Addressing {
    return new Addressing(names, this.aliases);
  }

  #expanded(path: string, names: TreeNames): readonly string[] {
    const { hasAliases, hasWildcards } = this.shape();
    const isKnownForm = path.includes("*") ? hasWildcards : hasAliases;
    if (isSymbolic(path) && isKnownForm) return this.#addressing(names).expand(path);
    if (path.length > longestPath || names.node(path) === undefined) {
      throw new CwmpFault(9005, path);
    }
    return [path];
  }
}

function toInfo({ path, writable }: ParameterNode): ParameterInfo {
  return { path, writable };
}

function asItIs(path: string): string {
  return path;
}
