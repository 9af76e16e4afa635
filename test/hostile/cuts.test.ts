import type { Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BesiegedBox } from "./besieged-box.ts";
import { type Received, type Trick, envelope, http, noContent } from "./hostile-acs.ts";

let besieged: BesiegedBox;
beforeAll(async () => {
  besieged = await BesiegedBox.open({ responseTimeoutMs: 1_000 });
});
afterAll(() => besieged.close());

const location = "Device.Services.Location";
const parameterKey = "Device.ManagementServer.ParameterKey";

/** The messages of an honest session that sets a value, by what the CPE sent last. */
const turns = ["Inform", "empty POST", "SetParameterValuesResponse", "GetParameterValuesResponse"];

function turnOf({ body }: Received): number {
  if (body === "") return 1;
  return turns.findIndex((name) => body.includes(`<cwmp:${name}>`));
}

/** What an honest ACS answers at that turn, setting the value `mark`. */
function honestAnswer(request: Received, mark: string): Buffer {
  switch (turnOf(request)) {
    case 0:
      return http(envelope({ method: "InformResponse" }, { id: request.id }));
    case 1: {
      const parameters = [{ path: location, value: mark, type: "string" }];
      const set = { method: "SetParameterValues", parameters, parameterKey: mark } as const;
      return http(envelope(set, { id: "set" }));
    }
    case 2:
      return http(envelope({ method: "GetParameterValues", paths: [location] }, { id: "get" }));
    default:
      return Buffer.from(noContent);
  }
}

/** Where in an answer the line is cut: how many of its bytes still arrive. */
const places: readonly (readonly [string, (answer: Buffer) => number])[] = [
  ["before the first byte", () => 0],
  ["in the status line", () => 10],
  ["in the headers", () => 30],
  ["between headers and body", (answer) => answer.indexOf("\r\n\r\n") + 4],
  ["in the body", (answer) => Math.floor((answer.length + answer.indexOf("\r\n\r\n")) / 2)],
  ["before the last byte", (answer) => answer.length - 1],
  ["after the last byte", (answer) => answer.length],
];
const ways: readonly (readonly [string, (socket: Socket, bytes: Buffer) => void])[] = [
  ["hung up", (socket, bytes) => socket.end(bytes)],
  [
    "reset",
    (socket, bytes) => {
      socket.write(bytes, () => socket.resetAndDestroy());
    },
  ],
];

describe("a connection cut at any point of a session leaves nothing half-written", () => {
  let count = 0;
  for (const [turn, name] of turns.entries()) {
    for (const [where, bytesOf] of places) {
      for (const [how, cut] of ways) {
        it(`${how} ${where} of the answer to the ${name}`, async () => {
          count += 1;
          const mark = `mark ${count}`;
          let isCut = false;
          const trick: Trick = (request, socket) => {
            const answer = honestAnswer(request, mark);
            if (isCut || turnOf(request) !== turn) {
              socket.write(answer);
              return;
            }
            isCut = true;
            cut(socket, answer.subarray(0, bytesOf(answer)));
          };
          const { record, busyMs } = await besieged.suffer(trick);
          expect(busyMs).toBeLessThan(50);
          const isSet = besieged.box.tree.values.get(location) === mark;
          // Value and key go together, or not at all.
          expect(besieged.endpoint.tree.get(parameterKey)?.value === mark).toBe(isSet);
          if (turn >= 2) expect(isSet).toBe(true);
          if (record.errorCode === undefined) expect(isSet).toBe(true);
          else expect(besieged.endpoint.status().retryCount).toBe(1);
          await besieged.recovers();
        });
      }
    }
  }
});
