import { createServer as createTlsServer } from "node:https";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../../shared/clock.ts";
import { createAcsClient } from "./acs-client.ts";
import {
  type TestCertificates,
  makeTestCertificates,
} from "../../../test/cwmp/test-certificates.ts";
import { type Handler, acsWith, closeAll, connect, ok } from "../../../test/cwmp/acs-servers.ts";

afterEach(closeAll);

describe("TLS", () => {
  let certificates: TestCertificates;
  beforeAll(() => {
    certificates = makeTestCertificates();
  });

  async function tlsAcs(
    options: object = {},
    handle: Handler = (response) => {
      ok(response);
    },
  ) {
    const { server } = certificates;
    const acs = await acsWith(handle, (listener) =>
      createTlsServer({ ...server, ...options }, listener),
    );
    return { ...acs, url: acs.url.replace("http:", "https:") };
  }

  it("trusts the configured authority and nobody else", async () => {
    const acs = await tlsAcs();
    const { ca } = certificates;
    expect((await connect(acs, { tls: { ca } }).post("<x/>")).status).toBe(200);
    await expect(connect(acs).post("<x/>")).rejects.toMatchObject({
      code: "cwmp.tls",
      message: expect.stringContaining("acs.tls.ca") as string,
    });
    expect((await connect(acs, { tls: { insecure: true } }).post("<x/>")).status).toBe(200);
    expect(acs.seen).toHaveLength(2);
  });

  it("checks that the certificate is for the host of the URL", async () => {
    const acs = await tlsAcs(certificates.otherHost);
    const tls = { ca: certificates.ca };
    await expect(connect(acs, { tls }).post("<x/>")).rejects.toMatchObject({
      code: "cwmp.tls",
      message: expect.stringContaining("another host") as string,
    });
  });

  it("shows its own certificate", async () => {
    const { ca, client } = certificates;
    const acs = await tlsAcs({ requestCert: true, rejectUnauthorized: true, ca });
    await connect(acs, { tls: { ca, ...client } }).post("<x/>");
    expect(acs.seen[0]?.clientName).toBe("00005E-mfpgate-1");
    await expect(connect(acs, { tls: { ca } }).post("<x/>")).rejects.toThrow();
  });

  it("speaks nothing older than TLS 1.2", async () => {
    const acs = await tlsAcs({
      maxVersion: "TLSv1.1",
      minVersion: "TLSv1",
      ciphers: "ALL:@SECLEVEL=0",
    });
    const tls = { ca: certificates.ca };
    await expect(connect(acs, { tls }).post("<x/>")).rejects.toMatchObject({ code: "cwmp.tls" });
  });

  it("resumes the TLS session in the next CWMP session", async () => {
    const acs = await tlsAcs();
    const client = createAcsClient({ clock: systemClock });
    const settings = { url: acs.url, username: "", password: "", tls: { ca: certificates.ca } };
    for (let round = 0; round < 2; round += 1) {
      const connection = client.connect(settings);
      await connection.post("<x/>");
      await connection.post(undefined);
      connection.close();
    }
    const reused = acs.seen.map(({ isTlsResumed }) => isTlsResumed);
    expect(reused).toEqual([false, false, true, true]);
  });

  it("does not follow a redirect out of TLS unless told to", async () => {
    const plain = await acsWith((response) => {
      ok(response);
    });
    const acs = await tlsAcs({}, (response) => {
      response.writeHead(302, { Location: plain.url }).end();
    });
    const tls = { ca: certificates.ca };
    await expect(connect(acs, { tls }).post("<x/>")).rejects.toMatchObject({
      code: "cwmp.redirect-refused",
    });
    expect(plain.seen).toHaveLength(0);
    expect((await connect(acs, { tls }, { allowDowngrade: true }).post("<x/>")).status).toBe(200);
  });

  it("says when the configured certificates are unusable", async () => {
    const acs = await tlsAcs();
    await expect(
      connect(acs, { tls: { cert: "junk", key: "junk" } }).post("<x/>"),
    ).rejects.toMatchObject({
      code: "cwmp.tls",
      message: expect.stringContaining("acs.tls.cert") as string,
    });
  });
});
