import { registerSecret } from "../../shared/redact.ts";
import type {
  AssignmentFault,
  ParameterAssignment,
  ParameterNode,
  ParameterValue,
} from "../parameter-tree.ts";
import { addressingDefinitions } from "./addressing.ts";
import { compressionDefinitions } from "./compression.ts";
import { connectionRequestDefinitions } from "./connection-requests.ts";
import { coreDefinitions } from "./core.ts";
import type {
  Definition,
  DefinitionGroup,
  ManagementServerDefaults,
  SettingType,
} from "./definition.ts";
import { lightweightDefinitions } from "./lightweight.ts";
import { policyDefinitions } from "./policies.ts";
import { transferPolicyDefinitions } from "./transfer-policy.ts";

/** Path of the object whose scalars this folder owns. */
export const managementServerPath = "Device.ManagementServer.";

/** Where the values come from that nobody sets. */
export interface ManagementServerSources {
  readonly defaults: ManagementServerDefaults;
  /** What the ACS set, and `ParameterKey`: name → text. Read at each call. */
  readonly settings: ReadonlyMap<string, string>;
  /** `http://host:port/path` of this endpoint, or "" while the listener is closed. */
  readonly connectionRequestUrl: () => string;
  /** Values that others work out; read at each call. A name without entry has its initial value. */
  readonly live?: LiveValues;
}

/** Scalars whose value lives elsewhere: address of the STUN binding, XMPP identity, … Who has them cannot set them. */
export type LiveValues = Readonly<Partial<Record<ManagementServerName, () => string>>>;

/** Every scalar this project supports; one file per group beside this one. */
const definitions = {
  ...coreDefinitions,
  ...addressingDefinitions,
  ...compressionDefinitions,
  ...lightweightDefinitions,
  ...connectionRequestDefinitions,
  ...policyDefinitions,
  ...transferPolicyDefinitions,
} as const satisfies DefinitionGroup;

/** Name of a scalar below `Device.ManagementServer.`. */
export type ManagementServerName = keyof typeof definitions;

const definitionOf: ReadonlyMap<string, Definition> = new Map(Object.entries(definitions));

/** A node this file owns. */
export type SettingNode = ParameterNode & { readonly type?: SettingType };

/** The nodes this file owns, for an endpoint without live values; one array for all of them. */
export const managementServerNodes: readonly SettingNode[] = [
  { path: "Device.", writable: false },
  { path: managementServerPath, writable: false },
  ...[...definitionOf].map(([name, { type, check, notification }]) => ({
    path: managementServerPath + name,
    writable: check !== undefined,
    type,
    ...(notification === undefined ? {} : { notification }),
  })),
];

const nodesOf = new WeakMap<LiveValues, readonly SettingNode[]>();

/** The nodes of endpoints with these live values, which are read-only there; one array for all of them. */
export function managementServerNodesWith(live: LiveValues): readonly SettingNode[] {
  let nodes = nodesOf.get(live);
  if (nodes === undefined) {
    nodes = managementServerNodes.map((node) =>
      isLive(live, nameOf(node.path)) ? { ...node, writable: false } : node,
    );
    nodesOf.set(live, nodes);
  }
  return nodes;
}

/** Whether `path` is a scalar that belongs to the endpoint itself and not to its device. */
export function isManagementServerScalar(path: string): boolean {
  return path.startsWith(managementServerPath) && definitionOf.has(nameOf(path));
}

/** Whether the scalar reads back as "". */
export function isHiddenSetting(name: string): boolean {
  return definitionOf.get(name)?.isHidden === true;
}

/** The `Device.ManagementServer.` scalars of one endpoint. Holds no values itself: two references per endpoint. */
export class ManagementServer {
  readonly #sources: ManagementServerSources;

  constructor(sources: ManagementServerSources) {
    this.#sources = sources;
  }

  /** The nodes as this endpoint shows them. */
  get nodes(): readonly SettingNode[] {
    const { live } = this.#sources;
    return live === undefined ? managementServerNodes : managementServerNodesWith(live);
  }

  /** What the ACS set, and what the engine keeps beside it: name → text. */
  get settings(): ReadonlyMap<string, string> {
    return this.#sources.settings;
  }

  /** The text in force, also of hidden parameters. For the engine; the ACS gets {@link get}. */
  text(name: ManagementServerName): string {
    if (name === "ConnectionRequestURL") return this.#connectionRequestUrl();
    const live = this.#sources.live?.[name];
    if (live !== undefined) return live();
    return this.#sources.settings.get(name) ?? this.#initial(definitions[name]);
  }

  /** An unsignedInt in force. */
  number(name: ManagementServerName): number {
    return Number(this.text(name));
  }

  /** A boolean in force. */
  flag(name: ManagementServerName): boolean {
    return this.text(name) === "true";
  }

  /** The value as the ACS sees it; undefined when `path` is none of these scalars. */
  get(path: string): ParameterValue | undefined {
    const name = nameOf(path);
    if (!path.startsWith(managementServerPath) || !isName(name)) return undefined;
    const { type, isHidden }: Definition = definitions[name];
    return { path, type, value: isHidden === true ? "" : this.text(name) };
  }

  /** Checks one assignment to a writable scalar. */
  validate({ path, value }: ParameterAssignment): AssignmentFault | undefined {
    const name = nameOf(path);
    const isSet = !isLive(this.#sources.live ?? {}, name);
    const checked = isSet ? definitionOf.get(name)?.check?.(value) : undefined;
    if (checked === undefined) return { path, code: 9008, text: "is read-only" };
    return "reason" in checked ? { path, code: 9007, text: checked.reason } : undefined;
  }

  /** Settings to be stored for assignments that all validated. Passwords are registered with the redactor. */
  settingsFor(assignments: readonly ParameterAssignment[]): ReadonlyMap<string, string> {
    const settings = new Map<string, string>();
    for (const { path, value } of assignments) {
      const name = nameOf(path);
      const checked = definitionOf.get(name)?.check?.(value);
      if (checked === undefined || "reason" in checked) continue;
      if (isHiddenSetting(name)) registerSecret(checked.value);
      settings.set(name, checked.value);
    }
    return settings;
  }

  // TR-181i2: while connection requests are off the URL must be empty.
  #connectionRequestUrl(): string {
    const isOpen = this.flag("EnableCWMP") && this.flag("HTTPConnectionRequestEnable");
    return isOpen ? this.#sources.connectionRequestUrl() : "";
  }

  #initial({ initial }: Definition): string {
    return typeof initial === "string" ? initial : initial(this.#sources.defaults);
  }
}

function isLive(live: LiveValues, name: string): boolean {
  return isName(name) && live[name] !== undefined;
}

function isName(name: string): name is ManagementServerName {
  return definitionOf.has(name);
}

function nameOf(path: string): string {
  return path.slice(managementServerPath.length);
}
