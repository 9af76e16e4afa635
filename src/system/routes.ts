/** One line of the kernel's IPv4 routing table. */
export interface Route {
  readonly interfaceName: string;
  /** `0.0.0.0` for the default route. */
  readonly destination: string;
  readonly mask: string;
  /** Empty: directly connected. */
  readonly gateway: string;
  readonly metric: number;
}

const gatewayFlag = 0x2;
const upFlag = 0x1;
const mostRoutes = 256;

/** Reads `/proc/net/route`; addresses stand there as hexadecimal words in the machine's byte order. */
export function parseRoutes(text: string): readonly Route[] {
  return text
    .split("\n")
    .slice(1)
    .flatMap((line) => routeOf(line.trim().split(/\s+/)))
    .slice(0, mostRoutes);
}

/** The default route with the smallest metric. */
export function defaultRoute(routes: readonly Route[]): Route | undefined {
  return routes
    .filter(({ destination, mask }) => destination === "0.0.0.0" && mask === "0.0.0.0")
    .sort((left, right) => left.metric - right.metric)[0];
}

function routeOf([
  interfaceName,
  destination,
  gateway,
  flags,
  ,
  ,
  metric,
  mask,
]: string[]): Route[] {
  if (interfaceName === undefined || destination === undefined || gateway === undefined) return [];
  const bits = Number.parseInt(flags ?? "", 16);
  if (mask === undefined || (bits & upFlag) === 0) return [];
  return [
    {
      interfaceName,
      destination: addressOf(destination),
      mask: addressOf(mask),
      gateway: (bits & gatewayFlag) === 0 ? "" : addressOf(gateway),
      metric: Number(metric ?? "0"),
    },
  ];
}

/** Every machine Node runs on here is little-endian. */
function addressOf(hex: string): string {
  const bytes = hex.match(/../g) ?? [];
  return bytes
    .reverse()
    .map((byte) => Number.parseInt(byte, 16).toString())
    .join(".");
}
