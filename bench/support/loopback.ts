import { createSocket } from "node:dgram";
import { once } from "node:events";
import { type SimulatedAddress, loopbackAddresses } from "../../src/simulator/printer-fleet.ts";

/** A UDP port nobody uses on any address, as far as one can know. */
export async function freeUdpPort(): Promise<number> {
  const socket = createSocket("udp4");
  socket.bind(0);
  await once(socket, "listening");
  const { port } = socket.address();
  const closed = once(socket, "close");
  socket.close();
  await closed;
  return port;
}

/** Addresses for `count` simulated printers, from 127.30.0.1 on, with one free port. */
export async function agentAddresses(count: number): Promise<readonly SimulatedAddress[]> {
  return loopbackAddresses(count, await freeUdpPort(), "127.30.0.1");
}
