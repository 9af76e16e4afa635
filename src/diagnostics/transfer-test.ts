import { type ClientRequest, type IncomingMessage, request as httpRequest } from "node:http";
import type { Socket } from "node:net";
import { Readable } from "node:stream";
import { errorText } from "../shared/errors.ts";
import { logger } from "../shared/log.ts";
import { MicroClock } from "./micro-time.ts";
import { type Failure, failure } from "./outcome.ts";
import { type TransferTarget, limitsOf, openConnection } from "./transfer-connection.ts";
import { Measurement, type TransferMeasurement } from "./transfer-measurement.ts";
import { watchProgress } from "./transfer-watch.ts";

const log = logger("diagnostics.transfer-test");

/** What came of a transfer. */
export type TransferResult = TransferMeasurement | Failure;

/** Fetches a file by HTTP GET and throws it away. No redirect is followed and nobody is told a password. */
export function runDownloadTest(
  target: TransferTarget,
  signal: AbortSignal,
): Promise<TransferResult> {
  const mostBytes = limitsOf(target).bytes;
  return withConnection(target, signal, ({ request, stream, measure, end }) => {
    request.on("response", (response) => {
      measure.begin();
      if (!isSuccess(response)) {
        end(failure("TransferFailed"));
        return;
      }
      response.on("data", () => {
        measure.moved();
        if (stream.bytesRead > mostBytes) end(failure("IncorrectSize"));
      });
      response.on("end", () => {
        end(measure.result(stream.bytesRead));
      });
      response.on("error", () => {
        end(failure("TransferFailed"));
      });
    });
    request.on("error", () => {
      end(failure(stream.bytesRead > 0 ? "TransferFailed" : "NoResponse"));
    });
    request.end();
  });
}

/** What to send. */
export interface UploadTarget extends TransferTarget {
  /** Bytes of the file. */
  readonly fileLength: number;
}

/** Sends a file of made-up bytes by HTTP PUT. */
export async function runUploadTest(
  target: UploadTarget,
  signal: AbortSignal,
): Promise<TransferResult> {
  if (target.fileLength > limitsOf(target).bytes) {
    log.warn("upload test larger than allowed", { bytes: target.fileLength });
    return failure("Other");
  }
  return withConnection(target, signal, ({ request, stream, measure, end }) => {
    request.on("response", (response) => {
      measure.moved();
      const isStored = isSuccess(response);
      end(isStored ? measure.result(stream.bytesWritten) : failure("NoTransferComplete"));
    });
    request.on("error", () => {
      end(failure("NoTransferComplete"));
    });
    measure.begin();
    Readable.from(fileBlocks(target.fileLength)).pipe(request);
  });
}

function isSuccess({ statusCode = 0 }: IncomingMessage): boolean {
  return statusCode >= 200 && statusCode < 300;
}

const block = Buffer.alloc(65_536, "mfpgate ");

function* fileBlocks(length: number): Generator<Buffer> {
  for (let left = length; left > 0; left -= block.length) yield block.subarray(0, left);
}

/** One request under way, as the two directions steer it. */
interface Transfer {
  readonly request: ClientRequest;
  readonly stream: Socket;
  readonly measure: Measurement;
  /** The first result counts. */
  readonly end: (result: TransferResult) => void;
}

/** Connects, lets `run` steer the request, and settles when it completes, fails, stalls or is aborted. */
async function withConnection(
  options: TransferTarget | UploadTarget,
  signal: AbortSignal,
  run: (transfer: Transfer) => void,
): Promise<TransferResult> {
  const micro = new MicroClock(options.clock);
  const connection = await openConnection(options, micro, signal);
  if (connection.outcome === "failed") return connection;
  const { stream } = connection;
  const result = await new Promise<TransferResult>((end) => {
    const request = openRequest(options, stream);
    const stopWatching = watchProgress(options, stream, signal, (reason) => {
      end(failure(reason));
    });
    stream.once("close", stopWatching);
    run({ request, stream, measure: new Measurement(options, connection, micro), end });
  });
  stream.destroy();
  if (result.outcome === "failed")
    log.info("transfer test failed", { url: options.url, reason: result.reason });
  return result;
}

/** TR-143: persistent connections, no authentication. */
function openRequest(options: TransferTarget | UploadTarget, stream: Socket): ClientRequest {
  const { host, pathname, search } = new URL(options.url);
  const isUpload = "fileLength" in options;
  const body = isUpload
    ? { "content-length": options.fileLength, "content-type": "application/octet-stream" }
    : {};
  const request = httpRequest({
    createConnection: () => stream,
    method: isUpload ? "PUT" : "GET",
    path: pathname + search,
    headers: { host, connection: "keep-alive", accept: "*/*", ...body },
  });
  request.on("error", (error) => {
    log.debug("transfer broken off", { url: options.url, error: errorText(error) });
  });
  return request;
}
