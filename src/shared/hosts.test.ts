import { describe, expect, it } from "vitest";
import { authority, bareHost } from "./hosts.ts";

describe("hosts", () => {
  it("have brackets in a URL only, and only IPv6 addresses", () => {
    for (const host of ["acs.example.net", "192.0.2.1", "2001:db8::1"]) {
      const { hostname, port } = new URL(`http://${authority(host, 7547)}/`);
      expect(bareHost(hostname)).toBe(host);
      expect(port).toBe("7547");
    }
    expect(authority("2001:db8::1", 80)).toBe("[2001:db8::1]:80");
  });
});
