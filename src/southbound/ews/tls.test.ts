import { afterEach, describe, expect, it } from "vitest";
import { type WebHandler, WebPrinter } from "../../../test/support/web-printer.ts";
import { systemClock } from "../../shared/clock.ts";
import { makeSelfSignedCertificate } from "../../simulator/ews/self-signed-certificate.ts";
import type { EwsAccess } from "../driver.ts";
import { EwsMemory } from "./ews-memory.ts";
import { readEwsMemory } from "./ews-memory-snapshot.ts";
import type { EwsNotice } from "./notice.ts";
import { openEwsSession } from "./session.ts";

const stops: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

const certificate = (): { readonly cert: string; readonly key: string } =>
  makeSelfSignedCertificate("127.0.0.1", Date.now());
const title = {
  channel: "ews",
  name: "/",
  extractions: [{ kind: "values", key: "title", selector: { title: true } }],
} as const;
const page: WebHandler = () => "<title>Printer</title>";

async function securePrinter(tls: object, handler = page): Promise<WebPrinter> {
  const started = await WebPrinter.start(handler, tls);
  stops.push(() => started.stop());
  return started;
}

const notices: EwsNotice[] = [];

async function readTitle(access: EwsAccess, memory: EwsMemory): Promise<unknown> {
  notices.length = 0;
  const notice = (told: EwsNotice): void => void notices.push(told);
  const session = openEwsSession(access, { clock: systemClock, memory, notice });
  try {
    return (await session.read([title], undefined)).values("/", "title");
  } finally {
    await session.close();
  }
}

describe("a self-signed printer", () => {
  it("is trusted by the certificate seen first, across a restart of the service", async () => {
    const tls = certificate();
    const web = await securePrinter(tls);
    const memory = new EwsMemory();
    expect(await readTitle(web.access, memory)).toEqual(["Printer"]);
    expect(notices.map(({ kind }) => kind)).toEqual(["certificate-pinned"]);
    const restored = readEwsMemory(JSON.stringify(memory.snapshot()));
    expect(restored.certificate?.fingerprint).toMatch(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
    expect(await readTitle(web.access, restored)).toEqual(["Printer"]);
    expect(notices).toEqual([]);
  });

  it("with another certificate is asked nothing, and both fingerprints are named", async () => {
    const memory = new EwsMemory();
    await readTitle((await securePrinter(certificate())).access, memory);
    const other = await securePrinter(certificate());
    const first = memory.certificate?.fingerprint ?? "none";
    const failure = await readTitle(other.access, memory).catch((error: unknown) => error as Error);
    expect(failure).toMatchObject({ code: "ews.certificate-changed", retryable: false });
    expect((failure as Error).message).toContain(first);
    expect((failure as Error).message.match(/([0-9A-F]{2}:){31}/g)).toHaveLength(2);
    expect(other.seen).toEqual([]);
    expect(notices.map(({ kind }) => kind)).toEqual(["certificate-changed"]);
    await readTitle(other.access, memory).catch(() => undefined);
    expect(notices).toEqual([]);
    memory.forgetCertificate();
    expect(await readTitle(other.access, memory)).toEqual(["Printer"]);
  });

  it("is refused where an authority must stand for it, with the remedy", async () => {
    const web = await securePrinter(certificate());
    const access: EwsAccess = { ...web.access, tls: { verify: "ca", allowLegacy: false } };
    const failure = await readTitle(access, new EwsMemory()).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: "ews.certificate-untrusted" });
    expect(String(failure)).toContain("verify: pin");
    expect(web.seen).toEqual([]);
  });

  it("is taken with any certificate when nothing is verified", async () => {
    const memory = new EwsMemory();
    for (const web of [await securePrinter(certificate()), await securePrinter(certificate())]) {
      const access: EwsAccess = { ...web.access, tls: { verify: "none", allowLegacy: false } };
      expect(await readTitle(access, memory)).toEqual(["Printer"]);
    }
    expect(memory.certificate).toBeUndefined();
  });

  it("of old TLS is reached only where the site allows it, and the error says so", async () => {
    const legacy = { minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT:@SECLEVEL=0" };
    const web = await securePrinter({ ...certificate(), ...legacy });
    const failure = await readTitle(web.access, new EwsMemory()).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: "ews.tls" });
    expect(String(failure)).toContain("allowLegacy");
    const access: EwsAccess = { ...web.access, tls: { verify: "pin", allowLegacy: true } };
    expect(await readTitle(access, new EwsMemory())).toEqual(["Printer"]);
  });
});

describe("a redirect to https", () => {
  it("is followed, and next time https is asked at once", async () => {
    const secure = await securePrinter(certificate());
    const web = await WebPrinter.start(({ url }) => ({
      status: 301,
      headers: { Location: `https://127.0.0.1:${secure.port}${url}` },
    }));
    stops.push(() => web.stop());
    const memory = new EwsMemory();
    expect(await readTitle(web.access, memory)).toEqual(["Printer"]);
    expect(await readTitle(web.access, memory)).toEqual(["Printer"]);
    expect([web.seen.length, secure.seen.length]).toEqual([1, 2]);
    expect(memory.snapshot().origin).toEqual({ scheme: "https", port: secure.port });
  });

  it("back to http is refused where a password would go along", async () => {
    const web = await WebPrinter.start(page);
    stops.push(() => web.stop());
    const secure = await securePrinter(certificate(), () => ({
      status: 302,
      headers: { Location: `http://127.0.0.1:${web.port}/` },
    }));
    const credential = { username: "admin", password: "a secret of nobody" };
    expect(await readTitle({ ...secure.access, credential }, new EwsMemory())).toBe("refused");
    expect(web.seen).toEqual([]);
    expect(await readTitle(secure.access, new EwsMemory())).toEqual(["Printer"]);
  });
});
