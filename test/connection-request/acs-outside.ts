/**
 * An ACS on the other side of a NAT gateway, as a program of its own: `acs-outside.ts HOST PORT`. It wants to hear at once
 * of a new UDPConnectionRequestAddress, and writes one line of JSON for each session. A line of JSON on standard
 * input, `{to, datagram}`, is a datagram to be sent.
 */
import { createSocket } from "node:dgram";
import { createInterface } from "node:readline";
import type { SessionScript } from "../../src/simulator/acs/session-script.ts";
import { startTestAcs } from "../../src/simulator/acs/test-acs.ts";
import { type NatSession, type OutgoingDatagram, stunPort } from "./nat-world.ts";

const server = "Device.ManagementServer.";
const address = `${server}UDPConnectionRequestAddress`;
const shown = [address, `${server}NATDetected`, `${server}ConnectionRequestUsername`];

const [host = "", port = ""] = process.argv.slice(2);
let watched = false;

const script: SessionScript = async ({ device, events, call }) => {
  if (!watched) {
    const attributes = [{ path: address, notification: 2 }];
    const answer = await call({ method: "SetParameterAttributes", attributes });
    watched = answer.outcome === "response";
  }
  await call({ method: "GetParameterValues", paths: shown });
  const value = (path: string): string => device.parameters.get(path)?.value ?? "";
  const session: NatSession = {
    events,
    address: value(address),
    nat: value(`${server}NATDetected`),
    username: value(`${server}ConnectionRequestUsername`),
  };
  process.stdout.write(`${JSON.stringify(session)}\n`);
};

await startTestAcs({ host, port: Number(port), scripts: [script] });
createInterface({ input: process.stdin }).on("line", (line) => {
  const { to, datagram } = JSON.parse(line) as OutgoingDatagram;
  const [toHost = "", toPort = ""] = to.split(":");
  // From the port of the STUN server: a gateway lets nobody else in. Held for a moment only, or it would get its mail.
  const socket = createSocket({ type: "udp4", reuseAddr: true });
  socket.bind(stunPort, host, () => {
    socket.send(datagram, Number(toPort), toHost, () => {
      socket.close();
    });
  });
});
process.stdout.write("ready\n");
