/** Text forms of configuration values. Each parser returns undefined for text it does not understand. */

const durationUnits = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const sizeUnits = {
  "": 1,
  B: 1,
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
} as const;

/** What `parseDuration` reads, for editors. */
export const durationPattern = String.raw`^\d+(\.\d+)?(ms|s|m|h|d)$`;
/** What `parseSize` reads, for editors. */
export const sizePattern = String.raw`^\d+(\.\d+)?(B|kB|MB|GB|KiB|MiB|GiB)?$`;

/** `30s`, `15m`, `1.5h` → milliseconds. */
export function parseDuration(text: string): number | undefined {
  return parseQuantity(text, durationUnits);
}

/** `512MiB`, `100kB`, `1024` → bytes. */
export function parseSize(text: string): number | undefined {
  return parseQuantity(text, sizeUnits);
}

function parseQuantity(text: string, units: Readonly<Record<string, number>>): number | undefined {
  const match = /^(\d+(?:\.\d+)?)([A-Za-z]*)$/.exec(text);
  const [, amount, unit] = match ?? [];
  const factor = unit === undefined || !Object.hasOwn(units, unit) ? undefined : units[unit];
  return factor === undefined ? undefined : Math.round(Number(amount) * factor);
}

/** Where to listen; port 0 = any free one. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** `127.0.0.1:8632`, `[::]:7547` → address. */
export function parseListen(text: string): ListenAddress | undefined {
  const match = /^(?:\[([0-9A-Fa-f:.]+)\]|([^:[\]\s]+)):(\d{1,5})$/.exec(text);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  return host === undefined || port > 65_535 ? undefined : { host, port };
}

/** IPv4 addresses from `first` to `last`, both included, as 32-bit numbers. */
export interface AddressRange {
  /** In CIDR form, host bits cleared: `192.0.2.0/24`. */
  readonly cidr: string;
  readonly first: number;
  readonly last: number;
}

/** `192.0.2.0/24` or a single address → range. */
export function parseRange(text: string): AddressRange | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?:\/(\d{1,2}))?$/.exec(text);
  if (match === null) return undefined;
  const octets = match.slice(1, 5).map(Number);
  const prefix = match[5] === undefined ? 32 : Number(match[5]);
  if (prefix > 32 || octets.some((octet) => octet > 255)) return undefined;
  const address = octets.reduce((number, octet) => number * 256 + octet, 0);
  const size = 2 ** (32 - prefix);
  const first = Math.floor(address / size) * size;
  return { cidr: `${formatAddress(first)}/${prefix}`, first, last: first + size - 1 };
}

function formatAddress(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
}

/** A time of day from–to, minutes after midnight, local time; `to` may be the next day. */
export interface DailyPeriod {
  readonly fromMinute: number;
  readonly toMinute: number;
}

/** `22:00-06:00` → minutes. */
export function parseDailyPeriod(text: string): DailyPeriod | undefined {
  const match = /^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)$/.exec(text);
  if (match === null) return undefined;
  const [fromHour = 0, fromMinute = 0, toHour = 0, toMinute = 0] = match.slice(1).map(Number);
  return { fromMinute: fromHour * 60 + fromMinute, toMinute: toHour * 60 + toMinute };
}
