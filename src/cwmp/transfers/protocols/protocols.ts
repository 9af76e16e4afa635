import type { Clock } from "../../../shared/clock.ts";
import type { AcsTlsSettings } from "../../transport.ts";
import type { FileServerAddresses } from "../file-server-addresses.ts";
import { FtpProtocol } from "./ftp.ts";
import { HttpProtocol } from "./http.ts";
import type { FileProtocols } from "./protocol.ts";
import { SftpProtocol } from "./sftp.ts";
import { TftpProtocol } from "./tftp.ts";

/** What the protocols need to know. */
export interface ProtocolsOptions {
  readonly clock: Clock;
  readonly addresses: FileServerAddresses;
  readonly tls: AcsTlsSettings;
  readonly userAgent: string;
  /** Host keys of SFTP servers; without any SFTP is not offered. */
  readonly sftpHostKeys: readonly string[];
}

/** Every protocol that is set up. */
export function createProtocols(options: ProtocolsOptions): FileProtocols {
  const { addresses, sftpHostKeys: hostKeys } = options;
  const http = new HttpProtocol(options);
  return {
    "http:": http,
    "https:": http,
    "ftp:": new FtpProtocol(addresses),
    "tftp:": new TftpProtocol(options),
    ...(hostKeys.length === 0 ? {} : { "sftp:": new SftpProtocol({ addresses, hostKeys }) }),
  };
}
