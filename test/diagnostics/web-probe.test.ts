import { createServer } from "node:net";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { probeWeb } from "../../src/diagnostics/web-probe.ts";
import { systemClock } from "../../src/shared/clock.ts";
import { makeTestCertificates } from "../cwmp/test-certificates.ts";
import { TransferServer } from "./transfer-server.ts";

const never = new AbortController().signal;

function probe(url: string, timeoutMs = 1000) {
  const { hostname, port, protocol } = new URL(url);
  const scheme = protocol === "https:" ? "https" : "http";
  const target = { host: hostname, port: Number(port), scheme, timeoutMs } as const;
  return probeWeb({ ...target, clock: systemClock }, never);
}

describe("a probe of a printer's web server", () => {
  it("takes any HTTP status as an answer, over TLS with any certificate", async () => {
    for (const certificate of [undefined, makeTestCertificates().otherHost]) {
      const server = await TransferServer.start(certificate);
      const result = await probe(server.url("/"));
      expect(result).toMatchObject({ status: "Success", httpStatus: 201 });
      expect(result.responseMs).toBeGreaterThan(0);
      await server.stop();
    }
  });

  it("tells a closed port, silence and something else than HTTP apart", async () => {
    const none = { httpStatus: 0, responseMs: 0 };
    expect(await probe("http://127.0.0.1:9/")).toEqual({ status: "Refused", ...none });
    const server = createServer((socket) => {
      socket.on("error", () => undefined);
      if (isTalking) socket.end("@PJL READY\r\n\r\n");
    });
    let isTalking = false;
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port.toString()}/`;
    expect(await probe(url, 100)).toEqual({ status: "Timeout", ...none });
    isTalking = true;
    expect(await probe(url)).toEqual({ status: "Error", ...none });
    server.close();
  });
});
