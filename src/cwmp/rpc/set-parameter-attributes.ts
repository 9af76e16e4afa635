import type { StoredAttribute } from "../endpoint-store.ts";
import { CwmpFault } from "../faults.ts";
import { kindOfNotification } from "../notifications/notifications.ts";
import type { ParameterNode } from "../parameter-tree.ts";
import type { AttributeAssignment } from "../soap/message.ts";
import type { RpcContext, RpcHandler } from "./context.ts";

/** Where the model has lightweight notifications at all. */
const protocolsUsed = "Device.ManagementServer.LightweightNotificationProtocolsUsed";

/** Parameters one request may go through, each as often as a path names it. */
const mostTouched = 50_000;

/** SetParameterAttributes (TR-069a6 A.3.2.4): full and partial paths, all or nothing, in one commit. */
export const setParameterAttributes: RpcHandler<"SetParameterAttributes"> = async (
  { attributes },
  context,
) => {
  const changed = new Map<string, StoredAttribute>();
  let touched = 0;
  for (const assignment of attributes) {
    checkArguments(assignment, context);
    if (assignment.path.includes("*")) throw new CwmpFault(9005, assignment.path);
    const nodes = context.tree.parameters([assignment.path], mostTouched);
    touched += nodes.length;
    if (touched > mostTouched) throw new CwmpFault(9004, "too many parameters at a time");
    for (const node of nodes) {
      const before = changed.get(node.path) ?? inForce(node, context);
      const after = applied(before, node, assignment, context);
      if (after !== before) changed.set(node.path, after);
    }
  }
  await store([...changed.values()], context);
  return { method: "SetParameterAttributesResponse" };
};

/** The last value, and the last that versions before 1.4 know (CWMP XSDs). */
const lastNotification = 6;
const lastBeforeLightweight = 2;

function checkArguments(
  { path, notification, accessList }: AttributeAssignment,
  context: RpcContext,
): void {
  const isLightweightKnown =
    context.version() === "1.4" && context.tree.node(protocolsUsed) !== undefined;
  const last = isLightweightKnown ? lastNotification : lastBeforeLightweight;
  if (notification !== undefined && notification > last) {
    throw new CwmpFault(9003, `${path}: notification ${notification} is not supported`);
  }
  const stranger = accessList?.find((entity) => !/^(Subscriber|X_.+)$/.test(entity));
  if (stranger !== undefined) {
    throw new CwmpFault(9003, `${path}: ${stranger} is no entity of an access list`);
  }
}

function inForce(node: ParameterNode, { notifications }: RpcContext): StoredAttribute {
  return {
    path: node.path,
    notification: notifications.notification(node),
    accessList: notifications.accessList(node.path),
  };
}

function applied(
  before: StoredAttribute,
  node: ParameterNode,
  assignment: AttributeAssignment,
  { policy }: RpcContext,
): StoredAttribute {
  const wished = assignment.notification ?? before.notification;
  if (
    policy.denyActiveNotification &&
    node.notification === "canDeny" &&
    isActive(assignment.notification)
  ) {
    throw new CwmpFault(9009, node.path);
  }
  // Forced ones stay active; asking for something else is no error (TR-069a6 A.3.2.4).
  const notification = node.notification === "forceEnabled" ? before.notification : wished;
  const accessList = assignment.accessList ?? before.accessList;
  if (notification === before.notification && accessList === before.accessList) return before;
  return { path: node.path, notification, accessList };
}

function isActive(notification: number | undefined): boolean {
  const { inform, lightweight } = kindOfNotification(notification ?? 0);
  return inform === "active" || lightweight === "active";
}

async function store(changed: readonly StoredAttribute[], context: RpcContext): Promise<void> {
  const kinds = changed.map(({ path, notification }) => ({
    path,
    ...kindOfNotification(notification),
  }));
  const watched = kinds.filter(
    ({ inform, lightweight }) => inform !== "off" || lightweight !== "off",
  );
  // From now on changes count against the present value, which the ACS is assumed to know.
  const setReported = new Map(
    watched
      .filter(({ path }) => !context.notifications.isWatched(path))
      .map(({ path }) => [path, context.tree.get(path)?.value ?? ""]),
  );
  await context.state.commit({
    setAttributes: changed,
    setReported,
    removePendingChanges: kinds
      .filter(({ inform }) => inform === "off")
      .map(({ path }) => path)
      .filter((path) => context.state.pendingChanges.has(path)),
  });
}
