import { registerSecret } from "../../shared/redact.ts";
import { CwmpFault, faultFromCode } from "../faults.ts";
import type { TransferRefusal, TransferTarget } from "../parameter-tree.ts";
import type {
  DownloadArguments,
  ScheduleDownloadArguments,
  UploadArguments,
} from "../soap/message.ts";
import type { TransferRequest } from "./transfer.ts";
import { parseTransferUrl } from "./transfer-url.ts";
import { windowAfterDelay, windowsOf } from "./transfer-windows.ts";
import type { TransferServices } from "./transfers.ts";

/** What an order is checked against. */
export interface OrderContext {
  readonly services: Pick<
    TransferServices,
    "clock" | "protocols" | "addresses" | "maxBytes" | "requireSignature"
  >;
  readonly target: TransferTarget;
}

/** A Download as it is queued. @throws {CwmpFault} 9001, 9003, 9004, 9010, 9013 */
export function downloadOrder(order: DownloadArguments, context: OrderContext): TransferRequest {
  checkDownload(order, context);
  const windows = windowAfterDelay(context.services.clock.nowMs(), order.delaySeconds);
  return { ...fileOf(order), kind: "Download", windows };
}

/** A ScheduleDownload as it is queued. @throws {CwmpFault} 9001, 9003, 9004, 9010, 9013 */
export function scheduledOrder(
  order: ScheduleDownloadArguments,
  context: OrderContext,
): TransferRequest {
  // Nobody stands at this device who could confirm.
  if (order.windows.some(({ mode }) => mode === "4 Confirmation Needed"))
    throw new CwmpFault(9001, "there is no user here to confirm a download");
  const windows = windowsOf(order.windows, context.services.clock.nowMs());
  if ("wrong" in windows) throw new CwmpFault(9003, windows.wrong);
  checkDownload(order, context);
  return { ...fileOf(order), kind: "ScheduleDownload", windows };
}

/** An Upload as it is queued. @throws {CwmpFault} 9001, 9003, 9011, 9013 */
export function uploadOrder(order: UploadArguments, context: OrderContext): TransferRequest {
  checkServer(order.url, context);
  refuse(context.target.refusalOfUpload(order.fileType));
  const { commandKey, fileType, url, username, password } = order;
  registerSecret(password);
  return {
    kind: "Upload",
    commandKey,
    fileType,
    url,
    username,
    password,
    fileSize: 0,
    targetFileName: "",
    windows: windowAfterDelay(context.services.clock.nowMs(), order.delaySeconds),
  };
}

type FileArguments = Pick<
  DownloadArguments,
  "commandKey" | "fileType" | "url" | "username" | "password" | "fileSize" | "targetFileName"
>;

function fileOf(order: FileArguments): Omit<TransferRequest, "kind" | "windows"> {
  const { commandKey, fileType, url, username, password, fileSize, targetFileName } = order;
  registerSecret(password);
  return { commandKey, fileType, url, username, password, fileSize, targetFileName };
}

function checkDownload(order: FileArguments, context: OrderContext): void {
  const { requireSignature, maxBytes } = context.services;
  checkServer(order.url, context);
  if (order.fileSize > maxBytes)
    throw new CwmpFault(9004, `FileSize is beyond transfers.maxSize, ${maxBytes} bytes`);
  if (requireSignature)
    throw new CwmpFault(
      9001,
      "transfers.requireSignature is on, and this version cannot check signatures",
    );
  refuse(context.target.refusalOfDownload(order));
}

function checkServer(text: string, { services }: OrderContext): void {
  const parsed = parseTransferUrl(text);
  if ("reason" in parsed) throw new CwmpFault(parsed.faultCode, parsed.reason);
  if (services.protocols[parsed.scheme] === undefined)
    throw new CwmpFault(9013, `${parsed.scheme} is not set up here`);
  const refusal = services.addresses.refusal(parsed.url);
  if (refusal !== undefined) throw new CwmpFault(9001, refusal);
}

function refuse(refusal: TransferRefusal | undefined): void {
  if (refusal !== undefined) throw faultFromCode(refusal.code, refusal.text);
}
