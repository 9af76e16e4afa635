import fc from "fast-check";
import { type SnmpValue, snmpSyntax } from "../../src/southbound/driver.ts";
import { type Pdu, pduType } from "../../src/southbound/snmp/message.ts";
import type { Varbind } from "../../src/southbound/snmp/varbind-list.ts";

/** Arcs of all encoded widths, so that octet order and arc order differ often. */
const anyArc = fc.oneof(
  fc.nat({ max: 3 }),
  fc.constantFrom(127, 128, 255, 300, 16383, 16384, 0xffff_ffff),
  fc.nat({ max: 0xffff_ffff }),
);

/** Any dotted OID. */
export const anyOid: fc.Arbitrary<string> = fc
  .tuple(
    fc.oneof(fc.tuple(fc.nat({ max: 1 }), fc.nat({ max: 39 })), fc.tuple(fc.constant(2), anyArc)),
    fc.array(anyArc, { maxLength: 12 }),
  )
  .map(([head, rest]) => [...head, ...rest].join("."));

const anyOctets = fc.uint8Array({ maxLength: 300 });
const any32 = fc.nat({ max: 0xffff_ffff });

/** Any value of any syntax. */
export const anyValue: fc.Arbitrary<SnmpValue> = fc.oneof(
  fc.maxSafeInteger().map((value) => ({ syntax: snmpSyntax.integer, value })),
  fc
    .tuple(fc.constantFrom(snmpSyntax.octetString, snmpSyntax.opaque), anyOctets)
    .map(([syntax, value]) => ({ syntax, value })),
  fc
    .tuple(fc.constantFrom(snmpSyntax.counter32, snmpSyntax.gauge32, snmpSyntax.timeTicks), any32)
    .map(([syntax, value]) => ({ syntax, value })),
  fc.maxSafeNat().map((value) => ({ syntax: snmpSyntax.counter64, value })),
  anyOid.map((value) => ({ syntax: snmpSyntax.objectIdentifier, value })),
  fc.ipV4().map((value) => ({ syntax: snmpSyntax.ipAddress, value })),
  fc
    .constantFrom(
      snmpSyntax.null,
      snmpSyntax.noSuchObject,
      snmpSyntax.noSuchInstance,
      snmpSyntax.endOfMibView,
    )
    .map((syntax) => ({ syntax, value: "" })),
);

const anyVarbinds: fc.Arbitrary<Varbind[]> = fc.array(fc.record({ oid: anyOid, value: anyValue }), {
  maxLength: 8,
});
const anyInt32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });

/** Any PDU of any type. */
export const anyPdu: fc.Arbitrary<Pdu> = fc.oneof(
  fc.record({
    type: fc.constantFrom(
      pduType.get,
      pduType.getNext,
      pduType.response,
      pduType.set,
      pduType.inform,
      pduType.trapV2,
      pduType.report,
    ),
    requestId: anyInt32,
    errorStatus: fc.nat({ max: 18 }),
    errorIndex: fc.nat({ max: 8 }),
    varbinds: anyVarbinds,
  }),
  fc.record({
    type: fc.constant(pduType.getBulk),
    requestId: anyInt32,
    nonRepeaters: fc.nat({ max: 8 }),
    maxRepetitions: fc.nat({ max: 1000 }),
    varbinds: anyVarbinds,
  }),
  fc.record({
    type: fc.constant(pduType.trapV1),
    enterprise: anyOid,
    agentAddress: fc.ipV4(),
    genericTrap: fc.nat({ max: 6 }),
    specificTrap: anyInt32,
    timeStamp: any32,
    varbinds: anyVarbinds,
  }),
);
