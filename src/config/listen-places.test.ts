import { expect, it } from "vitest";
import { isSamePlace } from "./listen-places.ts";

it("finds two listeners that would take each other's port", () => {
  const at = (host: string, port: number): { host: string; port: number } => ({ host, port });
  expect(isSamePlace(at("127.0.0.1", 7547), at("127.0.0.1", 7547))).toBe(true);
  expect(isSamePlace(at("0.0.0.0", 7547), at("127.0.0.1", 7547))).toBe(true);
  expect(isSamePlace(at("127.0.0.1", 7547), at("::", 7547))).toBe(true);
  expect(isSamePlace(at("127.0.0.1", 7547), at("127.0.0.2", 7547))).toBe(false);
  expect(isSamePlace(at("127.0.0.1", 7547), at("127.0.0.1", 7548))).toBe(false);
  expect(isSamePlace(at("127.0.0.1", 0), at("127.0.0.1", 0))).toBe(false);
});
