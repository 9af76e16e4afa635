import { describe, expect, it } from "vitest";
import { FileServerAddresses } from "./file-server-addresses.ts";
import { TransferError } from "./transfer-error.ts";

function resolving(answers: Readonly<Record<string, readonly string[]>>, ...hosts: string[]) {
  return new FileServerAddresses(hosts, (host) => {
    const found = answers[host];
    return found === undefined ? Promise.reject(new Error("ENOTFOUND")) : Promise.resolve(found);
  });
}

const answers = {
  "files.example.net": ["192.0.2.7", "192.0.2.8"],
  "evil.example.net": ["127.0.0.1"],
  "mixed.example.net": ["192.0.2.7", "169.254.169.254"],
  localhost: ["127.0.0.1"],
};

async function codeOf(work: Promise<unknown>): Promise<unknown> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof TransferError ? error.faultCode : error;
}

describe("file server addresses", () => {
  it("pins the first address of an allowed host", async () => {
    const addresses = resolving(answers, "*.example.net");
    expect(await addresses.pin(new URL("http://files.example.net/x"))).toEqual({
      address: "192.0.2.7",
      family: 4,
    });
  });

  it("refuses hosts that no entry matches, at once", () => {
    const addresses = resolving(answers, "files.*.net", "192.0.2.*");
    const refused = (url: string): boolean => addresses.refusal(new URL(url)) !== undefined;
    expect(refused("http://files.example.net/")).toBe(false);
    expect(refused("http://FILES.example.net./")).toBe(false);
    expect(refused("http://192.0.2.9/")).toBe(false);
    expect(refused("http://files.net/")).toBe(true);
    expect(refused("http://other.example.net/")).toBe(true);
  });

  it.each([
    "http://127.0.0.1/",
    "http://127.1/",
    "http://0x7f000001/",
    "http://0.0.0.0/",
    "http://[::1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[fe80::1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://169.254.169.254/latest/meta-data/",
    "http://[fd00:ec2::254]/",
    "http://100.100.100.200/",
    "http://224.0.0.1/",
    "http://255.255.255.255/",
  ])("refuses %s by * alone", (url) => {
    expect(resolving(answers, "*").refusal(new URL(url))).toMatch(/metadata service/);
  });

  it("allows such an address when an entry without * names it or the host", async () => {
    const byAddress = resolving(answers, "*", "127.0.0.1");
    expect(byAddress.refusal(new URL("http://127.0.0.1/"))).toBeUndefined();
    expect(await byAddress.pin(new URL("http://evil.example.net/"))).toMatchObject({
      address: "127.0.0.1",
    });
    const byName = resolving(answers, "localhost");
    expect(await byName.pin(new URL("http://localhost/"))).toMatchObject({ address: "127.0.0.1" });
    expect(byName.refusal(new URL("http://127.0.0.1/"))).toBeDefined();
  });

  it("refuses a name that resolves to a forbidden address, even among others", async () => {
    const addresses = resolving(answers, "*", "*.example.net");
    expect(await codeOf(addresses.pin(new URL("http://evil.example.net/")))).toBe(9001);
    expect(await codeOf(addresses.pin(new URL("http://mixed.example.net/")))).toBe(9001);
  });

  it("tells a host without address apart", async () => {
    const addresses = resolving(answers, "*");
    expect(await codeOf(addresses.pin(new URL("http://nowhere.example.net/")))).toBe(9015);
  });
});
