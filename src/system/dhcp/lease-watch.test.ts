import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { ManualClock } from "../../shared/manual-clock.ts";
import { leaseOf } from "./lease.ts";
import { LeaseWatch, parseLease } from "./lease-watch.ts";

const url = "https://acs.example.net/cwmp";

function encapsulated(text: string): Buffer {
  return Buffer.concat([Buffer.from([1, text.length]), Buffer.from(text)]);
}

function colons(bytes: Buffer): string {
  return [...bytes].map((byte) => byte.toString(16)).join(":");
}

/** Option 125 with a URL. */
function identifying(text: string): Buffer {
  const own = Buffer.concat([Buffer.from([11, text.length]), Buffer.from(text)]);
  return Buffer.concat([Buffer.from([0, 0, 0x0d, 0xe9, own.length]), own]);
}

function dhclient(option: string): string {
  return `lease {
  interface "eth0";
  fixed-address 192.0.2.2;
  option subnet-mask 255.255.255.0;
  option domain-name-servers 192.0.2.53,192.0.2.54;
  ${option}
  renew 4 2026/10/19 14:52:06;
}
`;
}

function dhcp4Message(options: Buffer): Buffer {
  const message = Buffer.alloc(240);
  message[0] = 2;
  Buffer.from([192, 0, 2, 9]).copy(message, 16);
  message.writeUInt32BE(0x63825363, 236);
  return Buffer.concat([message, options, Buffer.from([255])]);
}

function lease(content: string | Buffer) {
  const raw = parseLease(Buffer.from(content as string));
  return raw === undefined ? undefined : leaseOf(raw);
}

describe("lease files", () => {
  it("of dhclient: the last lease counts, in hexadecimal, as text or under a number", () => {
    const old = dhclient('option vendor-encapsulated-options "http://old.example/";');
    const now = dhclient(`option vendor-encapsulated-options ${colons(encapsulated(url))};`);
    expect(lease(old + now)).toEqual({
      acs: { url },
      addresses: ["192.0.2.2"],
      nameServers: ["192.0.2.53", "192.0.2.54"],
    });
    expect(lease(old)?.acs.url).toBe("http://old.example/");
    const quoted = dhclient(`option vendor-encapsulated-options "\\001\\034${url}";`);
    expect(lease(quoted)?.acs.url).toBe(url);
    const numbered = dhclient(`option unknown-125 ${colons(identifying(url))};`);
    expect(lease(numbered)?.acs.url).toBe(url);
  });

  it("of dhclient for IPv6", () => {
    const own = Buffer.concat([Buffer.from([0, 1, 0, url.length]), Buffer.from(url)]);
    const bytes = Buffer.concat([Buffer.from([0, 0, 0x0d, 0xe9]), own]);
    const text = `lease6 {
  interface "eth0";
  ia-na 12:34 {
    iaaddr 2001:db8::2 {
      starts 1;
    }
  }
  option dhcp6.vendor-opts ${colons(bytes)};
}
`;
    expect(lease(text)).toMatchObject({ acs: { url }, addresses: ["2001:db8::2"] });
  });

  it("of systemd-networkd and of scripts that write down their environment", () => {
    const networkd = `# This is private data.\nADDRESS=192.0.2.2\nDNS=192.0.2.53 192.0.2.54\nVENDOR_SPECIFIC=${encapsulated(url).toString("hex")}\n`;
    expect(lease(networkd)).toEqual({
      acs: { url },
      addresses: ["192.0.2.2"],
      nameServers: ["192.0.2.53", "192.0.2.54"],
    });
    const script = `new_ip_address='192.0.2.2'\nopt125=${identifying(url).toString("hex")}\nopt43='${url}x'\n`;
    expect(lease(script)?.acs.url).toBe(url);
    expect(lease(`export opt43="${url}"\n`)?.acs.url).toBe(url);
  });

  it("of dhcpcd, which keeps the message, long options in pieces", () => {
    const long = `https://acs.example.net/${"x".repeat(220)}`;
    const option = identifying(long);
    const pieces = Buffer.concat([
      Buffer.from([125, 200]),
      option.subarray(0, 200),
      Buffer.from([0, 6, 4, 192, 0, 2, 53, 125, option.length - 200]),
      option.subarray(200),
    ]);
    expect(lease(dhcp4Message(pieces))).toEqual({
      acs: { url: long },
      addresses: ["192.0.2.9"],
      nameServers: ["192.0.2.53"],
    });
  });

  it("believe option 125 before option 43", () => {
    const both = dhclient(
      `option vendor-encapsulated-options "http://43.example/";\n  option vivso ${colons(identifying(url))};`,
    );
    expect(lease(both)?.acs.url).toBe(url);
  });

  it("that are none are left out, whatever is in them", () => {
    expect(lease("hello")).toBeUndefined();
    expect(lease(Buffer.alloc(0))).toBeUndefined();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        parseLease(Buffer.from(bytes));
        parseLease(dhcp4Message(Buffer.from(bytes)));
        parseLease(Buffer.concat([Buffer.from([7, 1, 2, 3]), bytes]));
      }),
    );
  });
});

describe("the watch over lease files", () => {
  const folders: string[] = [];
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
  });

  function folder(): string {
    const path = mkdtempSync(join(tmpdir(), "leases-"));
    folders.push(path);
    return path;
  }

  function write(path: string, text: string, atS: number): void {
    writeFileSync(path, text);
    utimesSync(path, atS, atS);
  }

  it("takes the newest of several files that match, and what only an older one tells", async () => {
    const where = folder();
    write(join(where, "dhclient.eth0.leases"), `opt43=http://old.example/\n`, 1_000);
    write(join(where, "dhclient.eth1.leases"), `opt43=http://new.example/\nip=192.0.2.3\n`, 2_000);
    write(join(where, "other.txt"), `opt43=http://other.example/\n`, 3_000);
    const watch = new LeaseWatch(new ManualClock(), [
      join(where, "dhclient*.leases"),
      "/no/such/*",
    ]);
    await watch.look();
    expect(watch.leases).toEqual({
      acs: { url: "http://new.example/" },
      addresses: ["192.0.2.3"],
      nameServers: [],
    });
  });

  it("tells of a changed lease once", async () => {
    const file = join(folder(), "lease");
    const watch = new LeaseWatch(new ManualClock(), [file]);
    let told = 0;
    watch.onChange(() => (told += 1));
    await watch.look();
    expect(told).toBe(0);
    writeFileSync(file, "opt43=http://one.example/\n");
    await watch.look();
    await watch.look();
    expect([told, watch.leases.acs.url]).toEqual([1, "http://one.example/"]);
    writeFileSync(file, "opt43=http://two.example/\n");
    await watch.look();
    expect([told, watch.leases.acs.url]).toEqual([2, "http://two.example/"]);
  });
});
