/** The part of ssh2-sftp-client 12 that `sftp.ts` touches; the package brings no types. */
declare module "ssh2-sftp-client" {
  import type { Socket } from "node:net";
  import type { Readable, Writable } from "node:stream";

  export interface SftpConnectOptions {
    /** Connected already, to the address that was checked. */
    readonly sock: Socket;
    readonly host: string;
    readonly username: string;
    readonly password: string;
    readonly readyTimeout: number;
    readonly tryKeyboard: boolean;
    /** Given the raw host key; false ends the connection. */
    readonly hostVerifier: (key: Buffer) => boolean;
  }

  export default class SftpClient {
    constructor(name?: string);
    connect(options: SftpConnectOptions): Promise<unknown>;
    get(path: string, destination: Writable): Promise<unknown>;
    put(source: Readable, path: string): Promise<string>;
    end(): Promise<boolean>;
    on(event: "error", listener: (error: Error) => void): void;
  }
}
