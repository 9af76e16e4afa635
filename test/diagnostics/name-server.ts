import { type RemoteInfo, type Socket, createSocket } from "node:dgram";
import { once } from "node:events";
import { decodeDnsAnswer, dnsType } from "../../src/diagnostics/dns-message.ts";

/** What a {@link NameServer} does with a question. */
export type NameServerMood = "answers" | "noSuchName" | "fails" | "silent" | "lies" | "garbage";

/** A small DNS server on 127.0.0.1 that knows `printer.example` = 192.0.2.7 and 2001:db8::7. */
export class NameServer {
  readonly #socket: Socket;
  mood: NameServerMood = "answers";
  isAuthoritative = true;
  readonly asked: string[] = [];

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("message", (bytes, from) => {
      this.#answer(bytes, from);
    });
  }

  static async start(): Promise<NameServer> {
    const socket = createSocket("udp4");
    socket.bind(0, "127.0.0.1");
    await once(socket, "listening");
    return new NameServer(socket);
  }

  get port(): number {
    return this.#socket.address().port;
  }

  stop(): void {
    this.#socket.close();
  }

  #answer(bytes: Buffer, from: RemoteInfo): void {
    const reply = Buffer.from(bytes);
    reply.writeUInt16BE(this.isAuthoritative ? 0x8580 : 0x8180, 2);
    const { question } = decodeDnsAnswer(reply);
    this.asked.push(question?.name ?? "");
    const send = (message: Buffer): void => {
      this.#socket.send(message, from.port, from.address);
    };
    switch (this.mood) {
      case "silent":
        return;
      case "garbage":
        send(Buffer.from("not a message"));
        return;
      case "noSuchName":
        reply.writeUInt8(0x83, 3);
        send(reply);
        return;
      case "fails":
        reply.writeUInt8(0x82, 3);
        send(reply);
        return;
      case "lies":
        // What somebody sends who has to guess the number of the question.
        reply.writeUInt16BE((reply.readUInt16BE(0) + 1) % 65_536, 0);
        send(withAddress(reply, question?.type));
        return;
      case "answers":
        send(question?.name === "printer.example" ? withAddress(reply, question.type) : reply);
    }
  }
}

function withAddress(reply: Buffer, type: number | undefined): Buffer {
  reply.writeUInt16BE(1, 6);
  const record =
    type === dnsType.a
      ? "c00c00010001000000050004c0000207"
      : "c00c001c0001000000050010" + "20010db8000000000000000000000007";
  return Buffer.concat([reply, Buffer.from(record, "hex")]);
}
