import { describe, expect, it } from "vitest";
import { makeTestCertificates } from "../../test/cwmp/test-certificates.ts";
import { type WebHandler, WebPrinter } from "../../test/support/web-printer.ts";
import type { FleetEventKind } from "../fleet/fleet-event.ts";
import type { PrinterDrivers } from "../fleet/ports.ts";
import { systemClock } from "../shared/clock.ts";
import type { EwsAccess, ReadPlan } from "../southbound/driver.ts";
import { createPrinterDrivers } from "./printer-drivers.ts";

/** One page, behind a login where there is a profile with one. */
function planOf(needsLogin = false): ReadPlan {
  const selector = { title: true } as const;
  return {
    scalars: [],
    columns: [],
    documents: [
      {
        channel: "ews",
        name: "/",
        request: { path: "/" },
        needsLogin,
        extractions: [{ kind: "values", key: "title", selector }],
      },
    ],
    ...(needsLogin ? { web: { login: { kind: "basic" } } } : {}),
  };
}

/** Reads the page with drivers that may know something already; what they tell, and know in the end. */
async function readWith(
  drivers: PrinterDrivers,
  ews: EwsAccess,
  plan = planOf(),
): Promise<readonly string[] | string> {
  const session = drivers.open({ host: ews.host, ews });
  try {
    const answers = await session.read(plan);
    return answers.documents?.values("/", "title") ?? "nothing";
  } catch (error) {
    return (error as { code: string }).code;
  } finally {
    await session.close();
  }
}

const page: WebHandler = () => "<html><title>Laser</title></html>";

describe("the certificate of a printer", () => {
  it("is pinned over the end of the process, and another one trusted when the operator says so", async () => {
    const certificates = makeTestCertificates();
    const tls = { verify: "pin", allowLegacy: false } as const;
    const told: FleetEventKind[] = [];
    const begin = (kept?: string): PrinterDrivers =>
      createPrinterDrivers({ clock: systemClock, kept, tell: (kind) => told.push(kind) });
    await using before = await WebPrinter.start(page, certificates.server);
    const drivers = begin();
    expect(await readWith(drivers, { ...before.access, tls })).toEqual(["Laser"]);
    expect(drivers.web().certificate).toMatch(/^[0-9A-F]{2}(:[0-9A-F]{2}){31}$/);

    const later = begin(drivers.keep());
    await using after = await WebPrinter.start(page, certificates.otherHost);
    expect(await readWith(later, { ...after.access, tls })).not.toEqual(["Laser"]);
    expect(told).toEqual(["certificatePinned", "certificateChanged"]);
    expect(later.forgetCertificate()).toBe(true);
    expect(await readWith(later, { ...after.access, tls })).toEqual(["Laser"]);
    expect(later.web().certificate).not.toBe(drivers.web().certificate);
    expect(begin().forgetCertificate()).toBe(false);
  });
});

describe("a password the printer refuses", () => {
  it("is known to have been refused, over the end of the process too", async () => {
    await using printer = await WebPrinter.start(() => ({
      status: 401,
      headers: { "WWW-Authenticate": 'Basic realm="printer"' },
    }));
    const drivers = createPrinterDrivers({ clock: systemClock });
    const credential = { username: "admin", password: "wrong" };
    const fromMs = systemClock.nowMs();
    await readWith(drivers, { ...printer.access, credential }, planOf(true));
    expect(drivers.web().passwordRefusedAtMs).toBeGreaterThanOrEqual(fromMs);
    const asked = printer.asked.length;
    const later = createPrinterDrivers({ clock: systemClock, kept: drivers.keep() });
    expect(later.web().passwordRefusedAtMs).toBe(drivers.web().passwordRefusedAtMs);
    await readWith(later, { ...printer.access, credential }, planOf(true));
    const withPassword = printer.seen.slice(asked).filter(({ headers }) => headers.authorization);
    expect(withPassword).toEqual([]);
  });
});
