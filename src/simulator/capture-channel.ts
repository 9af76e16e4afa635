import { type Channel, channels } from "../southbound/documents.ts";
import type { CapturePart } from "./capture.ts";

/** One way to see what a part of a capture is. `platform` is the manifest's, empty when it tells none. */
interface Sign {
  readonly channel: Channel;
  readonly isSeen: (part: CapturePart, platform: string) => boolean;
}

/** The first sign that is seen counts: what is told of the part itself comes before what is told of the capture. */
const signs: readonly Sign[] = [
  {
    channel: "ipp",
    isSeen: ({ contentType = "", operation }) =>
      operation !== undefined || contentType.startsWith("application/ipp"),
  },
  { channel: "pjl", isSeen: ({ command }) => command !== undefined },
  { channel: "ipp", isSeen: ({ kind }, platform) => kind === "bin" && /\bIPPS?\b/i.test(platform) },
  {
    channel: "wsd",
    isSeen: ({ contentType = "", urlPath = "" }, platform) =>
      !urlPath.startsWith("/") &&
      (contentType.startsWith("application/soap+xml") ||
        /\b(?:WSD|WS-Discovery|DPWS)\b/i.test(platform)),
  },
  { channel: "ews", isSeen: ({ urlPath = "" }) => urlPath.startsWith("/") },
  {
    channel: "mdns",
    isSeen: ({ kind }, platform) =>
      kind === "json" && /\b(?:DNS-SD|mDNS|Bonjour|Zeroconf)\b/i.test(platform),
  },
  {
    channel: "banner",
    isSeen: ({ kind }, platform) =>
      kind === "json" && /\b(?:FTP|Telnet|title|Server header|PJL|banner)\b/i.test(platform),
  },
  { channel: "banner", isSeen: (_, platform) => /\b(?:greeting|banner)\b/i.test(platform) },
  { channel: "pjl", isSeen: ({ kind }, platform) => kind !== "json" && /\bPJL\b/i.test(platform) },
];

/** Over what a part of a capture came: its `kind` when that names it, else what else is told. Undefined: no document. */
export function channelOf(part: CapturePart, platform: string): Channel | undefined {
  const named = channels.find((channel) => channel === part.kind);
  if (named !== undefined || part.kind === "snmprec") return named;
  // "(any unknown path)" of an error page is no path one could ask for.
  if (part.urlPath?.startsWith("(any") === true) return undefined;
  return signs.find(({ isSeen }) => isSeen(part, platform))?.channel;
}
