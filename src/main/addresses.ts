import { createSocket } from "node:dgram";
import { isIP } from "node:net";
import { errorText } from "../shared/errors.ts";
import { authority, bareHost } from "../shared/hosts.ts";
import { logger } from "../shared/log.ts";

const log = logger("main.addresses");

/** Addresses that mean "all interfaces" and so tell the ACS nothing. */
const anyAddress: ReadonlySet<string> = new Set(["0.0.0.0", "::", "[::]", "*"]);

/** Stands for an ACS not known yet: what goes there leaves by the default route (TEST-NET-3, RFC 5737). */
const anywhere = "http://203.0.113.1/";

/**
 * Where the ACS reaches a listener: the configured URL, else the address listened on, else the address this box has
 * towards the ACS. Without slash at the end.
 */
export async function publicBaseUrl(options: {
  readonly publicUrl: string;
  readonly host: string;
  readonly port: number;
  readonly acsUrl: string;
}): Promise<string> {
  if (options.publicUrl !== "auto") return options.publicUrl.replace(/\/+$/, "");
  const host = anyAddress.has(options.host)
    ? await localAddressTowards(options.acsUrl === "" ? anywhere : options.acsUrl)
    : options.host;
  return `http://${authority(host, options.port)}`;
}

/** The address the system would send from; connecting a UDP socket sends nothing. */
function localAddressTowards(url: string): Promise<string> {
  const { hostname } = new URL(url);
  const host = bareHost(hostname);
  const socket = createSocket(isIP(host) === 6 ? "udp6" : "udp4");
  return new Promise((resolve) => {
    const finish = (address: string): void => {
      socket.close();
      resolve(address);
    };
    socket.once("error", (error) => {
      log.warn("own address towards the ACS unknown: set connectionRequest.publicUrl", {
        error: errorText(error),
      });
      finish("127.0.0.1");
    });
    socket.connect(9, host, () => {
      finish(socket.address().address);
    });
  });
}
