import { CwmpFault } from "../faults.ts";
import type { CwmpMessage, MessageOf } from "../soap/message.ts";
import type { DeviceActions } from "../parameter-tree.ts";
import { unknownTime } from "../value-check.ts";
import {
  type OrderContext,
  downloadOrder,
  scheduledOrder,
  uploadOrder,
} from "./transfer-orders.ts";
import type { TransferQueue } from "./transfer-queue.ts";
import type { TransferServices } from "./transfers.ts";

/** What the RPCs of file transfer work on; part of every `RpcContext`. */
export interface TransferRpcContext {
  readonly actions: DeviceActions;
  /** The endpoint's queue, made now if need be, and what orders are checked with. Undefined: no transfers at all. */
  readonly transfers?: { readonly services: TransferServices; queue(): TransferQueue } | undefined;
}

/** RPCs an endpoint answers only while its device takes and gives files. */
export const transferMethods = [
  "Download",
  "Upload",
  "ScheduleDownload",
  "CancelTransfer",
  "GetQueuedTransfers",
  "GetAllQueuedTransfers",
] as const;
/** One of {@link transferMethods}. */
export type TransferMethod = (typeof transferMethods)[number];

/** Whether {@link transferMethods} are listed. */
export function hasTransfers({ actions, transfers }: TransferRpcContext): boolean {
  return transfers !== undefined && actions.transfers !== undefined;
}

/** Download (TR-069a6 A.3.2.8): checked, on disk, answered with Status 1; TransferComplete follows in any case. */
export async function download(
  request: MessageOf<"Download">,
  context: TransferRpcContext,
): Promise<CwmpMessage> {
  const { queue, order } = open(context, "Download");
  await queue.order(downloadOrder(request, order));
  return { method: "DownloadResponse", ...accepted };
}

/** Upload (TR-069a6 A.4.1.5). */
export async function upload(
  request: MessageOf<"Upload">,
  context: TransferRpcContext,
): Promise<CwmpMessage> {
  const { queue, order } = open(context, "Upload");
  await queue.order(uploadOrder(request, order));
  return { method: "UploadResponse", ...accepted };
}

/** ScheduleDownload (TR-069a6 A.4.1.8). */
export async function scheduleDownload(
  request: MessageOf<"ScheduleDownload">,
  context: TransferRpcContext,
): Promise<CwmpMessage> {
  const { queue, order } = open(context, "ScheduleDownload");
  await queue.order(scheduledOrder(request, order));
  return { method: "ScheduleDownloadResponse" };
}

/** CancelTransfer (TR-069a6 A.4.1.9). */
export async function cancelTransfer(
  { commandKey }: MessageOf<"CancelTransfer">,
  context: TransferRpcContext,
): Promise<CwmpMessage> {
  await open(context, "CancelTransfer").queue.cancel(commandKey);
  return { method: "CancelTransferResponse" };
}

/** GetQueuedTransfers (TR-069a6 A.4.1.1), deprecated: without what they are. */
export function getQueuedTransfers(
  _request: MessageOf<"GetQueuedTransfers">,
  context: TransferRpcContext,
): CwmpMessage {
  const { queue } = open(context, "GetQueuedTransfers");
  const transfers = queue.list().map(({ commandKey, state }) => ({ commandKey, state }));
  return { method: "GetQueuedTransfersResponse", transfers };
}

/** GetAllQueuedTransfers (TR-069a6 A.4.1.7). */
export function getAllQueuedTransfers(
  _request: MessageOf<"GetAllQueuedTransfers">,
  context: TransferRpcContext,
): CwmpMessage {
  const { queue } = open(context, "GetAllQueuedTransfers");
  return { method: "GetAllQueuedTransfersResponse", transfers: queue.list() };
}

/** Nothing is ever moved and in force before the answer, so the times are not known yet. */
const accepted = { status: 1, startTime: unknownTime, completeTime: unknownTime } as const;

function open(
  { actions, transfers }: TransferRpcContext,
  method: TransferMethod,
): { readonly queue: TransferQueue; readonly order: OrderContext } {
  const target = actions.transfers;
  if (transfers === undefined || target === undefined) throw new CwmpFault(9000, method);
  return { queue: transfers.queue(), order: { services: transfers.services, target } };
}
