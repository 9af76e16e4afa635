import { randomBytes } from "node:crypto";
import { logger } from "../../shared/log.ts";
import { withinDeadline } from "../deadline.ts";
import { CwmpFault, toFault } from "../faults.ts";
import { hasRequest } from "../session/dialect.ts";
import type { CwmpMessage, DecodedMessage, MessageOf } from "../soap/message.ts";
import {
  cancelTransfer,
  download,
  getAllQueuedTransfers,
  getQueuedTransfers,
  hasTransfers,
  scheduleDownload,
  transferMethods,
  upload,
} from "../transfers/transfer-rpcs.ts";
import { addObject, deleteObject } from "./add-delete-object.ts";
import { changeDuState } from "./change-du-state.ts";
import type { AcsMethod, RpcContext, RpcHandler } from "./context.ts";
import { factoryReset } from "./factory-reset.ts";
import { getParameterAttributes } from "./get-parameter-attributes.ts";
import { getParameterNames } from "./get-parameter-names.ts";
import { getParameterValues } from "./get-parameter-values.ts";
import { reboot } from "./reboot.ts";
import { scheduleInform } from "./schedule-inform.ts";
import { setParameterAttributes } from "./set-parameter-attributes.ts";
import { setParameterValues } from "./set-parameter-values.ts";

const log = logger("cwmp.rpc.dispatch");

/** No RPC is answered later than this; ACSs drop a session after 30 s of silence. */
const answerMs = 25_000;

/** Longest list of names, values or attributes in one request; more is fault 9004. */
const mostEntries = 5_000;

/** One handler per method; GetRPCMethods lists these, less what the device cannot do or the version does not have. */
const handlers: { readonly [Method in AcsMethod]: RpcHandler<Method> } = {
  GetRPCMethods: (_request, context) => ({
    method: "GetRPCMethodsResponse",
    methods: supportedMethods(context).filter((method) => hasRequest(context.version(), method)),
  }),
  SetParameterValues: setParameterValues,
  GetParameterValues: getParameterValues,
  GetParameterNames: getParameterNames,
  SetParameterAttributes: setParameterAttributes,
  GetParameterAttributes: getParameterAttributes,
  AddObject: addObject,
  DeleteObject: deleteObject,
  Reboot: reboot,
  FactoryReset: factoryReset,
  ScheduleInform: scheduleInform,
  Download: download,
  Upload: upload,
  ScheduleDownload: scheduleDownload,
  CancelTransfer: cancelTransfer,
  GetQueuedTransfers: getQueuedTransfers,
  GetAllQueuedTransfers: getAllQueuedTransfers,
  ChangeDUState: changeDuState,
};

/** What not every device can do. */
const conditions: Readonly<Record<string, (context: RpcContext) => boolean>> = {
  Reboot: ({ actions }) => actions.reboot !== undefined,
  FactoryReset: ({ actions }) => actions.factoryReset !== undefined,
  ...Object.fromEntries(transferMethods.map((method) => [method, hasTransfers])),
};

/** What this endpoint answers in any version: an ACS that calls a method knows it. Vendor methods none. */
function supportedMethods(context: RpcContext): readonly string[] {
  return Object.keys(handlers).filter((method) => conditions[method]?.(context) !== false);
}

/** Answers one request of the ACS, always: with the response or with a fault. Never rejects. */
export async function answerRequest(
  request: DecodedMessage,
  context: RpcContext,
): Promise<CwmpMessage> {
  try {
    const work = Promise.resolve(handle(request, context));
    const settled = await withinDeadline(context.clock, context.clock.nowMs() + answerMs, work);
    if (!settled.late) return settled.result;
    work.catch((error: unknown) => {
      log.warn("late request failed", { device: context.state.endpointId, error });
    });
    throw new CwmpFault(9002, `no answer within ${answerMs / 1_000} s`);
  } catch (error) {
    return faultMessage(error, request.method, context);
  }
}

async function handle(request: DecodedMessage, context: RpcContext): Promise<CwmpMessage> {
  refuseLongList(request);
  if (request.method === "Invalid" && Object.hasOwn(handlers, request.requested)) {
    throw new CwmpFault(9003, request.reason);
  }
  if (isOffered(request, context)) return handleKnown(request.method, request, context);
  throw new CwmpFault(9000, "requested" in request ? request.requested : request.method);
}

async function handleKnown<Method extends AcsMethod>(
  method: Method,
  request: MessageOf<Method>,
  context: RpcContext,
): Promise<CwmpMessage> {
  return handlers[method](request, context);
}

function isOffered(request: DecodedMessage, context: RpcContext): request is MessageOf<AcsMethod> {
  return supportedMethods(context).includes(request.method);
}

function refuseLongList(request: DecodedMessage): void {
  const entries = entriesOf(request);
  if (entries > mostEntries) {
    throw new CwmpFault(9004, `${entries} entries, at most ${mostEntries} in one request`);
  }
}

function entriesOf(request: DecodedMessage): number {
  if ("paths" in request) return request.paths.length;
  if ("parameters" in request) return request.parameters.length;
  return "attributes" in request ? request.attributes.length : 0;
}

function faultMessage(error: unknown, method: string, { state }: RpcContext): CwmpMessage {
  const errorId = randomBytes(4).toString("hex");
  const fault = toFault(error, errorId);
  const fields = { device: state.endpointId, method, fault: fault.faultCode };
  if (fault === error) log.info("request refused", { ...fields, reason: fault.message });
  else log.error("request failed", { ...fields, errorId, error });
  return {
    method: "Fault",
    code: fault.faultCode,
    text: fault.message,
    ...(fault.parameters.length > 0 ? { parameters: fault.parameters } : {}),
  };
}
