import {
  type UdpAddress,
  decodeAddress,
  encodeAddress,
} from "../../src/cwmp/connection-request/stun/address.ts";
import {
  checkIntegrity,
  decodeStun,
  encodeStun,
  stunAttribute,
  stunType,
} from "../../src/cwmp/connection-request/stun/message.ts";
import type {
  SecondaryPort,
  StunNetwork,
} from "../../src/cwmp/connection-request/stun/stun-client.ts";
import type { Clock } from "../../src/shared/clock.ts";

/** What the server saw of one Binding Request. */
export interface SeenRequest {
  readonly atMs: number;
  readonly attributes: readonly number[];
  /** From the port that takes connection requests. */
  readonly isPrimary: boolean;
}

const serverAddress = { host: "198.51.100.1", port: 3_478 };
const inside = { host: "192.168.1.2", port: 7_547 };

/** A gateway with a lifetime of bindings and a STUN server behind it, as the client's network. */
export class StunWorld implements StunNetwork {
  readonly seen: SeenRequest[] = [];
  /** False: no translation at all. */
  isNat = true;
  bindingLifetimeMs = 60_000;
  /** False: the same port again after a binding is lost, as many gateways do. */
  hasNewPortAfterLoss = true;
  /** True: another port for every packet. */
  isRestless = false;
  isSilent = false;
  heedsResponseAddress = true;
  /** Signed requests only. */
  password: string | undefined;
  #onPrimary: (datagram: Buffer, from: UdpAddress) => void = () => undefined;
  readonly #clock: Clock;
  #mapped = { host: "203.0.113.9", port: 40_000 };
  #usedAtMs = -Infinity;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Where answers to the primary port go. */
  deliverTo(receive: (datagram: Buffer, from: UdpAddress) => void): void {
    this.#onPrimary = receive;
  }

  get mapped(): UdpAddress {
    return this.isNat ? this.#mapped : inside;
  }

  /** The gateway starts anew. */
  rebind(): void {
    this.#mapped = { ...this.#mapped, port: this.#mapped.port + 1 };
  }

  send(bytes: Buffer): void {
    if (this.isRestless || (!this.#isAlive() && this.hasNewPortAfterLoss && this.#wasUsed()))
      this.rebind();
    this.#usedAtMs = this.#clock.nowMs();
    this.#serve(bytes, true, this.mapped, (answer) => {
      this.#onPrimary(answer, serverAddress);
    });
  }

  openSecondary(onDatagram: (bytes: Buffer, from: UdpAddress) => void): SecondaryPort {
    const address = { host: "203.0.113.9", port: 50_000 };
    let isOpen = true;
    return {
      send: (bytes) => {
        this.#serve(bytes, false, address, (answer) => {
          if (isOpen) onDatagram(answer, serverAddress);
        });
      },
      close: () => {
        isOpen = false;
      },
    };
  }

  lookup(host: string): Promise<string> {
    if (host === "") return Promise.reject(new Error("no such name"));
    return Promise.resolve(serverAddress.host);
  }

  localAddress(): Promise<UdpAddress> {
    return Promise.resolve(inside);
  }

  #wasUsed(): boolean {
    return this.#usedAtMs !== -Infinity;
  }

  #isAlive(): boolean {
    return this.#clock.nowMs() - this.#usedAtMs < this.bindingLifetimeMs;
  }

  #serve(
    request: Buffer,
    isPrimary: boolean,
    from: UdpAddress,
    answer: (bytes: Buffer) => void,
  ): void {
    const message = decodeStun(request);
    if (message === undefined) throw new Error("the client sent no STUN message");
    const attributes = message.attributes.map(({ type }) => type);
    this.seen.push({ atMs: this.#clock.nowMs(), attributes, isPrimary });
    if (this.isSilent) return;
    const { transactionId } = message;
    if (this.password !== undefined && checkIntegrity(request, this.password) !== "right") {
      const value = Buffer.from([0, 0, 4, 1]);
      const attribute = { type: stunAttribute.errorCode, value };
      answer(encodeStun({ type: stunType.bindingError, transactionId, attributes: [attribute] }));
      return;
    }
    const value = encodeAddress(from) ?? Buffer.alloc(0);
    const reply = encodeStun({
      type: stunType.bindingResponse,
      transactionId,
      attributes: [{ type: stunAttribute.mappedAddress, value }],
    });
    const other = message.attributes.find(({ type }) => type === stunAttribute.responseAddress);
    if (other === undefined || !this.heedsResponseAddress) answer(reply);
    else if (decodeAddress(other.value)?.port === this.mapped.port && this.#isAlive()) {
      this.#usedAtMs = this.#clock.nowMs(); // what comes in through it keeps it alive, too
      this.#onPrimary(reply, serverAddress);
    }
  }
}
