import { isRecord } from "../shared/json.ts";
import { ApiError } from "./api-error.ts";

/** A query parameter that must be there. @throws {ApiError} 400 */
export function required(value: string | null, what: string): string {
  if (value === null || value === "") throw new ApiError(400, `${what} is missing`);
  return value;
}

/** Query parameter `limit`, 100 unless given. @throws {ApiError} 400 */
export function limitOf(query: URLSearchParams): number {
  const limit = Number(query.get("limit") ?? "100");
  if (!Number.isInteger(limit) || limit < 1 || limit > 1000) {
    throw new ApiError(400, "query parameter `limit` must be a whole number from 1 to 1000");
  }
  return limit;
}

/** A query parameter that is `true` or `false`; false unless given. @throws {ApiError} 400 */
export function flagOf(query: URLSearchParams, name: string): boolean {
  const text = query.get(name) ?? "false";
  if (text !== "true" && text !== "false")
    throw new ApiError(400, `query parameter \`${name}\` must be true or false`);
  return text === "true";
}

/** The body of a set: an object from full parameter names to text values. @throws {ApiError} 400 */
export function stringMap(body: unknown): Record<string, string> {
  if (!isRecord(body)) {
    throw new ApiError(400, 'the body must be a JSON object such as {"Device.…": "value"}');
  }
  return Object.fromEntries(
    Object.entries(body).map(([path, value]) => {
      if (!isScalar(value))
        throw new ApiError(400, `the value of ${path} must be text, a number or a boolean`);
      return [path, String(value)];
    }),
  );
}

/** The body of a choice of presentation. @throws {ApiError} 400 */
export function choiceOf(body: unknown): string {
  const choice: unknown =
    typeof body === "object" && body !== null && "presentation" in body
      ? body.presentation
      : undefined;
  if (typeof choice !== "string")
    throw new ApiError(400, 'the body must be {"presentation": "virtual"}');
  return choice;
}

/** The body of a search; none for the configured ranges. @throws {ApiError} 400 */
export function rangesOf(body: unknown): readonly string[] {
  if (body === undefined) return [];
  const ranges: unknown =
    typeof body === "object" && body !== null && "ranges" in body ? body.ranges : undefined;
  if (
    !Array.isArray(ranges) ||
    !ranges.every((range): range is string => typeof range === "string")
  ) {
    throw new ApiError(400, 'the body must be {"ranges": ["192.0.2.0/24", …]}');
  }
  return ranges;
}

/** What the ACS is to be asked for. */
export interface DownloadWanted {
  readonly fileType: string;
  readonly arguments: Readonly<Record<string, string>>;
}

/** The body of a request for a download. @throws {ApiError} 400 */
export function downloadOf(body: unknown): DownloadWanted {
  const { fileType, arguments: given = {} } = isRecord(body) ? body : {};
  if (typeof fileType !== "string" || fileType === "")
    throw new ApiError(400, 'the body must be {"fileType": "1 Firmware Upgrade Image"}');
  return { fileType, arguments: stringMap(given) };
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}
