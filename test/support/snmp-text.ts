import { createSocket } from "node:dgram";
import { once } from "node:events";
import { snmpSyntax } from "../../src/southbound/driver.ts";
import { decodeMessage, encodeMessage, pduType } from "../../src/southbound/snmp/message.ts";

/** An SNMP GET over the network with the codec alone: what the agent holds, whatever the service believes. */
export async function snmpText(
  { host, port }: { readonly host: string; readonly port: number },
  oid: string,
): Promise<string> {
  const socket = createSocket("udp4");
  try {
    const varbinds = [{ oid, value: { syntax: snmpSyntax.null, value: "" } }];
    const pdu = { type: pduType.get, requestId: 1, errorStatus: 0, errorIndex: 0, varbinds };
    const answered = once(socket, "message", { signal: AbortSignal.timeout(2_000) });
    socket.send(encodeMessage({ version: "2c", community: "public", pdu }), port, host);
    const [datagram] = (await answered) as [Buffer];
    const value = decodeMessage(datagram).pdu.varbinds[0]?.value.value ?? "";
    return value instanceof Uint8Array ? Buffer.from(value).toString("utf8") : String(value);
  } finally {
    socket.close();
  }
}
