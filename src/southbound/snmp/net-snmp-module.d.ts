/** The part of net-snmp 3.29 that `net-snmp.ts` touches; the package brings no types. */
declare module "net-snmp" {
  import type { Socket, SocketType } from "node:dgram";

  export interface NetSnmpVarbind {
    readonly oid: string;
    readonly type: number;
    readonly value: unknown;
  }

  export interface NetSnmpMessage {
    readonly msgGlobalData?: { readonly msgFlags: number };
    readonly pdu: {
      readonly errorStatus: number;
      readonly errorIndex: number;
      readonly varbinds: readonly NetSnmpVarbind[];
    };
  }

  export type NetSnmpCallback = (error: Error | null, result?: unknown) => void;

  export interface NetSnmpRequest {
    readonly responseCb: NetSnmpCallback;
  }

  export interface NetSnmpSession {
    retries: number;
    timeout: number;
    onSimpleGetResponse(request: NetSnmpRequest, message: NetSnmpMessage): void;
    get(oids: readonly string[], done: NetSnmpCallback): void;
    getNext(oids: readonly string[], done: NetSnmpCallback): void;
    getBulk(
      oids: readonly string[],
      nonRepeaters: number,
      maxRepetitions: number,
      done: NetSnmpCallback,
    ): void;
    set(varbinds: readonly NetSnmpVarbind[], done: NetSnmpCallback): void;
    cancelRequests(error: Error): void;
    close(): void;
    on(event: "error", listener: (error: Error) => void): void;
  }

  export interface NetSnmpSessionOptions {
    readonly port: number;
    readonly transport: "udp4" | "udp6";
    readonly version?: number;
    readonly backoff: number;
    readonly context?: string;
    readonly dgramModule: { createSocket(type: SocketType): Socket };
  }

  export interface NetSnmpUser {
    readonly name: string;
    readonly level: number;
    readonly authProtocol?: number;
    readonly authKey?: string;
    readonly privProtocol?: number;
    readonly privKey?: string;
  }

  export interface NetSnmpCipher {
    encryptPdu(
      scopedPdu: Buffer,
      protocol: number,
      passPhrase: string,
      authProtocol: number,
      engine: { readonly engineID: Buffer },
    ): { encryptedPdu: Buffer; msgPrivacyParameters: Buffer };
    decryptPdu(
      encryptedPdu: Buffer,
      protocol: number,
      salt: Buffer,
      passPhrase: string,
      authProtocol: number,
      engine: { readonly engineID: Buffer },
    ): Buffer;
  }

  interface NetSnmp {
    readonly Authentication: {
      passwordToKey(authProtocol: number, passPhrase: string, engineId: Buffer): Buffer;
    };
    readonly Encryption: { readonly algorithms: Record<number, object> };
    readonly Version1: number;
    readonly Version2c: number;
    readonly SecurityLevel: Readonly<Record<"noAuthNoPriv" | "authNoPriv" | "authPriv", number>>;
    readonly AuthProtocols: Readonly<
      Record<"md5" | "sha" | "sha224" | "sha256" | "sha384" | "sha512", number>
    >;
    readonly PrivProtocols: Readonly<Record<"des" | "aes" | "aes256b" | "aes256r", number>>;
    readonly ResponseInvalidError: new (...args: never[]) => Error & { readonly code: number };
    readonly RequestTimedOutError: new (
      ...args: never[]
    ) => Error & { readonly name: "RequestTimedOutError" };
    createSession(
      target: string,
      community: string,
      options: NetSnmpSessionOptions,
    ): NetSnmpSession;
    createV3Session(
      target: string,
      user: NetSnmpUser,
      options: NetSnmpSessionOptions,
    ): NetSnmpSession;
  }

  const netSnmp: NetSnmp;
  export default netSnmp;
}
