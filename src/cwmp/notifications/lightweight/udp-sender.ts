import { createSocket } from "node:dgram";
import { lookup } from "node:dns/promises";

/** Sends single datagrams that nobody answers. */
export interface DatagramSender {
  /** Resolves when the datagram left this machine. @throws {Error} the host has no address, or the system refuses */
  send(datagram: Buffer, host: string, port: number): Promise<void>;
}

/** Datagrams over UDP; a socket lives for one of them, since they are rare. */
export const udpSender: DatagramSender = {
  async send(datagram, host, port) {
    const { address, family } = await lookup(host);
    const socket = createSocket(family === 6 ? "udp6" : "udp4");
    try {
      await new Promise<void>((resolve, reject) => {
        socket.on("error", reject);
        socket.send(datagram, port, address, (error) => {
          if (error === null) resolve();
          else reject(error);
        });
      });
    } finally {
      socket.close();
    }
  },
};
