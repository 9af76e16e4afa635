import type { EndpointState } from "../endpoint/endpoint-state.ts";
import type { StoredAttribute } from "../endpoint-store.ts";
import type { NotificationRule, ParameterNode } from "../parameter-tree.ts";
import type { MergedTree } from "../tree/merged-tree.ts";

/** Notification off: nobody is told. */
const notificationOff = 0;
/** Active notification: a change opens a session of its own. */
const notificationActive = 2;

/** How a change is told: `passive` with what goes out next, `active` at once. */
type Urgency = "off" | "passive" | "active";

interface NotificationKind {
  readonly inform: Urgency;
  /** By datagram (TR-069a6 Annex M). */
  readonly lightweight: Urgency;
}

const off: NotificationKind = { inform: "off", lightweight: "off" };

/** The values of the Notification attribute (TR-069a6 A.3.2.4), those from 3 on since CWMP 1.4. */
const notificationKinds: readonly NotificationKind[] = [
  off,
  { inform: "passive", lightweight: "off" },
  { inform: "active", lightweight: "off" },
  { inform: "off", lightweight: "passive" },
  { inform: "passive", lightweight: "passive" },
  { inform: "off", lightweight: "active" },
  { inform: "passive", lightweight: "active" },
];

/** What a Notification attribute stands for; an unknown value for nothing. */
export function kindOfNotification(notification: number): NotificationKind {
  return notificationKinds[notification] ?? off;
}

/** Who besides the ACS may write, unless the ACS said otherwise (TR-069a6 A.3.2.4: by default, all). */
const defaultAccessList: readonly string[] = ["Subscriber"];

/** What has to follow from changed values. */
export interface WatchedChange {
  /** To be marked as pending. */
  readonly paths: readonly string[];
  /** Whether one of them asks for a session of its own. */
  readonly isActive: boolean;
  /** To be told by datagram. */
  readonly lightweight: readonly string[];
  /** Whether one of those asks for a datagram of its own. */
  readonly isLightweightActive: boolean;
}

/**
 * Attributes of one endpoint and what is watched because of them. Values are watched against what was last reported to
 * the ACS, so that nothing is missed across a restart and the ACS's own writes are no change.
 * @see TR-069a6 §3.7.1.5 (4 VALUE CHANGE), A.3.2.4
 */
export class Notifications {
  readonly #tree: MergedTree;
  readonly #state: EndpointState;
  /** What the ACS itself is changing just now. */
  #ownChange: string | undefined;

  constructor(tree: MergedTree, state: EndpointState) {
    this.#tree = tree;
    this.#state = state;
  }

  /** The attribute in force. A forced one cannot be changed; a default one holds until the ACS sets another. */
  notification({ path, notification: rule }: ParameterNode): number {
    if (rule === "forceEnabled") return notificationActive;
    return this.#state.attributes.get(path)?.notification ?? defaultNotification(rule);
  }

  /** The access list in force. */
  accessList(path: string): readonly string[] {
    return this.#state.attributes.get(path)?.accessList ?? defaultAccessList;
  }

  /** Which of these changed parameters are to be reported. Called for changes by anything but the ACS. */
  judge(paths: readonly string[]): WatchedChange {
    const marked: string[] = [];
    const lightweight: string[] = [];
    let isActive = false;
    let isLightweightActive = false;
    for (const path of paths) {
      const kind = this.#kindAt(path);
      if (kind === off || path === this.#ownChange || !this.#isNews(path)) continue;
      if (kind.inform !== "off") marked.push(path);
      if (kind.lightweight !== "off") lightweight.push(path);
      isActive ||= kind.inform === "active";
      isLightweightActive ||= kind.lightweight === "active";
    }
    return { paths: marked, isActive, lightweight, isLightweightActive };
  }

  /** Does something for the ACS that changes this parameter as well, which is no news to it. */
  async withOwnChange<T>(path: string, work: () => Promise<T>): Promise<T> {
    this.#ownChange = path;
    try {
      return await work();
    } finally {
      this.#ownChange = undefined;
    }
  }

  /** What changed while nobody watched: between the last report and the start of this process. */
  judgeAll(): WatchedChange {
    return this.judge([
      ...new Set([...this.#state.reported.keys(), ...this.#state.pendingChanges]),
    ]);
  }

  /** Default-active parameters of which the ACS was told nothing yet; from now on they are watched. */
  unreportedDefaults(): readonly string[] {
    return [...this.#tree.activeByDefault()]
      .map(({ path }) => path)
      .filter((path) => !this.#state.reported.has(path));
  }

  /** Whether the parameter at `path` has any notification. */
  isWatched(path: string): boolean {
    return this.#kindAt(path) !== off;
  }

  /** Whether changes of the parameter at `path` are told by datagram and in no Inform. */
  isOnlyLightweight(path: string): boolean {
    const { inform, lightweight } = this.#kindAt(path);
    return inform === "off" && lightweight !== "off";
  }

  /** What the stored attributes become when a new ACS takes over: their defaults (TR-069a6 §3.7.1.5, BOOTSTRAP). */
  lapsed(): readonly StoredAttribute[] {
    return [...this.#state.attributes.keys()].map((path) => ({
      path,
      notification: defaultNotification(this.#tree.node(path)?.notification),
      accessList: defaultAccessList,
    }));
  }

  /** Current values of watched parameters among `paths` that differ from what the ACS was told. */
  toReport(paths: Iterable<string>): Map<string, string> {
    const values = new Map<string, string>();
    for (const path of paths) {
      if (!this.isWatched(path)) continue;
      const value = this.#tree.get(path)?.value;
      if (value !== undefined && value !== this.#state.reported.get(path)) values.set(path, value);
    }
    return values;
  }

  #kindAt(path: string): NotificationKind {
    const node = this.#tree.node(path);
    return node?.type === undefined ? off : kindOfNotification(this.notification(node));
  }

  #isNews(path: string): boolean {
    if (this.#state.pendingChanges.has(path)) return true;
    const reported = this.#state.reported.get(path);
    // Never reported: the first Inform is still to come and brings it.
    return reported !== undefined && this.#tree.get(path)?.value !== reported;
  }
}

function defaultNotification(rule: NotificationRule | undefined): number {
  return rule === "forceEnabled" || rule === "forceDefaultEnabled"
    ? notificationActive
    : notificationOff;
}
