import { decodeEnvelope } from "../../cwmp/soap/decode.ts";
import { encodeEnvelope } from "../../cwmp/soap/encode.ts";
import {
  type CwmpMessage,
  type CwmpNamespace,
  type DecodedEnvelope,
  type MessageOf,
  type ParameterFault,
} from "../../cwmp/soap/message.ts";
import { type XmlElement, XmlReader } from "../../cwmp/soap/xml-reader.ts";
import { errorText } from "../../shared/errors.ts";

/** Methods the test ACS calls on a CPE. The last two are answered with faults only: no CPE has options any more. */
export type AcsMethod =
  | "GetRPCMethods"
  | "GetParameterNames"
  | "GetParameterValues"
  | "SetParameterValues"
  | "SetParameterAttributes"
  | "GetParameterAttributes"
  | "AddObject"
  | "DeleteObject"
  | "Reboot"
  | "FactoryReset"
  | "ScheduleInform"
  | "Download"
  | "Upload"
  | "ScheduleDownload"
  | "CancelTransfer"
  | "GetQueuedTransfers"
  | "GetAllQueuedTransfers"
  | "ChangeDUState"
  | "GetOptions"
  | "SetVouchers";

/** Messages that answer an {@link AcsMethod}. */
export type CpeResponse = MessageOf<`${Exclude<AcsMethod, "GetOptions" | "SetVouchers">}Response`>;

/** An RPC to a CPE. `Raw` puts any XML into the SOAP body, to see what a CPE does with it. */
export type AcsRequest =
  MessageOf<AcsMethod> | { readonly method: "Raw"; readonly name: string; readonly xml: string };

/** What became of an RPC. `lost`: the session ended before the answer came. */
export type RpcOutcome =
  | { readonly outcome: "response"; readonly message: CpeResponse }
  | {
      readonly outcome: "fault";
      readonly code: number;
      readonly text: string;
      readonly parameters: readonly ParameterFault[];
    }
  | { readonly outcome: "lost"; readonly reason: string };

/** One POST of a CPE, read. */
export type CpeMessage =
  | { readonly kind: "empty" }
  | { readonly kind: "envelope"; readonly envelope: DecodedEnvelope; readonly root: XmlElement }
  | { readonly kind: "malformed"; readonly reason: string };

/** A CPE may say a lot in one GetParameterValuesResponse; more than this is refused. */
export const largestCpeMessage = 10 * 1024 * 1024;
const limits = { maxLength: largestCpeMessage, maxDepth: 32, maxElements: 1_000_000 };

/** Reads one POST body; never throws. */
export function readCpeMessage(body: string): CpeMessage {
  if (body === "") return { kind: "empty" };
  try {
    const reader = new XmlReader(limits);
    reader.write(body);
    return { kind: "envelope", root: reader.end(), envelope: decodeEnvelope(body, limits) };
  } catch (error) {
    return { kind: "malformed", reason: errorText(error) };
  }
}

/** What goes into an ACS envelope. */
export interface AcsEnvelope {
  readonly namespace: CwmpNamespace;
  readonly id: string;
  readonly message: CwmpMessage | { readonly method: "Raw"; readonly xml: string };
  readonly holdRequests?: boolean;
  readonly useVersion?: string;
}

const placeholder = "<cwmp:GetRPCMethods></cwmp:GetRPCMethods>";

/** Formats an envelope from the ACS. */
export function writeAcsEnvelope({ namespace, id, message, ...header }: AcsEnvelope): string {
  const isRaw = message.method === "Raw";
  const xml = encodeEnvelope({
    namespace,
    header: { id, ...header },
    message: isRaw ? { method: "GetRPCMethods" } : message,
  });
  return isRaw ? xml.replace(placeholder, () => message.xml) : xml;
}

/** Parameters that read back empty, and that no page or log may show. */
export function isSecretPath(path: string): boolean {
  return /(Password|Community|Passphrase|Key)$/.test(path) && !path.endsWith(".ParameterKey");
}

/** One line about a request, for logs and the page. */
export function describeRequest(request: AcsRequest): string {
  if ("paths" in request) return describeList(request.paths);
  if ("fileType" in request) return `${request.fileType} ${withoutQuery(request.url)}`;
  if ("path" in request) return describePath(request);
  switch (request.method) {
    case "SetParameterValues":
      return describeList(
        request.parameters.map(
          ({ path, value }) => `${path} = ${isSecretPath(path) ? "(hidden)" : value}`,
        ),
      );
    case "SetParameterAttributes":
      return describeList(request.attributes.map(({ path }) => path));
    case "ChangeDUState":
      return describeList(request.operations.map(({ operation, uuid }) => `${operation} ${uuid}`));
    case "ScheduleInform":
      return `in ${request.delaySeconds} s`;
    case "Raw":
      return request.name;
    default:
      return "";
  }
}

function describePath(request: Extract<AcsRequest, { readonly path: string }>): string {
  const path = request.path === "" ? "(root)" : request.path;
  return "nextLevel" in request && request.nextLevel ? `${path} next level` : path;
}

function describeList(items: readonly string[]): string {
  const [first = ""] = items;
  return items.length > 1 ? `${first} and ${items.length - 1} more` : first;
}

/** Queries of file URLs may hold a signature that opens the file. */
function withoutQuery(url: string): string {
  return url.split("?", 1)[0] ?? "";
}
