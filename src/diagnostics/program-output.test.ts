import { describe, expect, it } from "vitest";
import { readPingOutput } from "./ping-output.ts";
import { readTraceRouteOutput } from "./trace-route-output.ts";

const noAnswer = "--- 192.0.2.1 ping statistics ---\n1 packets transmitted, 0 received";

describe("the output of ping", () => {
  it("is read to the microsecond", () => {
    const said = "64 bytes from 192.0.2.1: icmp_seq=1 ttl=64 time=1.234 ms\n";
    expect(readPingOutput(0, said)).toEqual({ outcome: "answered", timeUs: 1234 });
    const fast = "64 bytes from ::1: icmp_seq=1 ttl=64 time=12 ms\n";
    expect(readPingOutput(0, fast)).toEqual({ outcome: "answered", timeUs: 12_000 });
  });

  it("tells silence, unreachable hosts and what ping cannot do apart", () => {
    expect(readPingOutput(1, noAnswer)).toEqual({ outcome: "lost" });
    const said = `From 192.0.2.9 icmp_seq=1 Destination Host Unreachable\n${noAnswer}`;
    expect(readPingOutput(1, said)).toEqual({ outcome: "unreachable" });
    const noRoute = "ping: connect: Network is unreachable\n";
    expect(readPingOutput(2, noRoute)).toEqual({ outcome: "unreachable" });
    const noRight = "ping: socket: Operation not permitted\n";
    expect(readPingOutput(2, noRight)).toEqual({ outcome: "broken", text: noRight.trim() });
  });
});

describe("the output of traceroute", () => {
  it("is read with lost probes, several answering hosts and reasons", () => {
    const output = `traceroute to 192.0.2.7 (192.0.2.7), 30 hops max, 66 byte packets
 1  198.51.100.2  0.031 ms  0.008 ms *
 2  * * *
 3  203.0.113.1  1.5 ms 203.0.113.2  2.5 ms  3 ms
 4  203.0.113.9  12.1 ms !X  12.2 ms !X *
 5  203.0.113.9  12.1 ms !<9> * *
`;
    expect(readTraceRouteOutput(output)).toEqual([
      { address: "198.51.100.2", timesMs: [0.031, 0.008, undefined], unreachableCode: undefined },
      { address: "", timesMs: [undefined, undefined, undefined], unreachableCode: undefined },
      { address: "203.0.113.2", timesMs: [1.5, 2.5, 3], unreachableCode: undefined },
      { address: "203.0.113.9", timesMs: [12.1, 12.2, undefined], unreachableCode: 13 },
      { address: "203.0.113.9", timesMs: [12.1, undefined, undefined], unreachableCode: 9 },
    ]);
  });

  it("may be empty", () => {
    expect(readTraceRouteOutput("")).toEqual([]);
  });
});
