import fc from "fast-check";
import { expect, it } from "vitest";
import { snmpSyntax } from "../driver.ts";
import { decodeMessage, encodeMessage, pduType } from "./message.ts";
import { decodeProbeAnswer, encodeProbe } from "./probe.ts";

const sysDescr = "1.3.6.1.2.1.1.1.0";
const probe = { community: "public", version: "1", oids: [sysDescr], requestId: 77 } as const;

function answer(errorStatus: number): Uint8Array {
  const request = decodeMessage(encodeProbe(probe));
  const value = { syntax: snmpSyntax.octetString, value: Uint8Array.of(0x41) };
  return encodeMessage({
    ...request,
    pdu: {
      type: pduType.response,
      requestId: 77,
      errorStatus,
      errorIndex: 0,
      varbinds: [{ oid: sysDescr, value }],
    },
  });
}

it("sends a GET and reads the values by OID", () => {
  expect(decodeMessage(encodeProbe(probe))).toMatchObject({
    version: "1",
    community: "public",
    pdu: { type: pduType.get, requestId: 77, varbinds: [{ oid: sysDescr }] },
  });
  const value = { syntax: snmpSyntax.octetString, value: Uint8Array.of(0x41) };
  expect(decodeProbeAnswer(answer(0))).toEqual({
    requestId: 77,
    errorStatus: 0,
    values: new Map([[sysDescr, value]]),
  });
});

it("takes no values from an error", () => {
  expect(decodeProbeAnswer(answer(2))).toEqual({
    requestId: 77,
    errorStatus: 2,
    values: new Map(),
  });
});

it("takes whatever is no SNMP answer for none", () => {
  expect(decodeProbeAnswer(encodeProbe(probe))).toBeUndefined();
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      expect(decodeProbeAnswer(bytes)).toBeUndefined();
    }),
  );
});
