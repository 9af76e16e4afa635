import { createHash } from "node:crypto";
import type { SignedRequest } from "./signed-request.ts";

/** The UDP connection requests of one endpoint that were accepted last. */
interface Accepted {
  /** Of the newest. */
  readonly timestampS: number;
  /** All with that timestamp. */
  readonly messageIds: readonly string[];
}

/** More requests than these in one second are no ACS. */
const mostIds = 16;

/** `copy`: one of several equal datagrams, as an ACS sends them. `replay`: older than, or accepted before, the last. */
export type ReplayVerdict = "new" | "copy" | "replay";

/**
 * Judges an authentic request by the ones accepted before it (TR-069a6 Annex G.2.2.3). Under another password the ACS
 * counts anew: nothing signed before is valid any more.
 * @param guard what {@link guardAfter} gave for the last accepted one
 */
export function judgeReplay(
  guard: string | undefined,
  { timestampS, messageId }: SignedRequest,
  password: string,
): ReplayVerdict {
  const last = parseGuard(guard, password);
  if (last === undefined) return "new";
  const isKnown = last.messageIds.includes(messageId);
  const isSameTime = timestampS === last.timestampS;
  if (isSameTime && isKnown) return "copy";
  const isFull = isSameTime && last.messageIds.length >= mostIds;
  return timestampS < last.timestampS || isKnown || isFull ? "replay" : "new";
}

/** What to keep once `request` is accepted: a mark of the password, the time, the ids; separated by blanks. */
export function guardAfter(
  guard: string | undefined,
  { timestampS, messageId }: SignedRequest,
  password: string,
): string {
  const last = parseGuard(guard, password);
  const before = last?.timestampS === timestampS ? last.messageIds : [];
  const ids = [...before, messageId].map(encodeURIComponent);
  return [markOf(password), timestampS, ...ids].join(" ");
}

/** Undefined when nothing was accepted yet under this password. */
function parseGuard(guard: string | undefined, password: string): Accepted | undefined {
  const [mark, timestampS, ...messageIds] = guard?.split(" ") ?? [];
  if (mark !== markOf(password)) return undefined;
  return { timestampS: Number(timestampS), messageIds: messageIds.map(decodeURIComponent) };
}

/** Short, so that it tells nothing worth knowing of the password to who reads the database. */
function markOf(password: string): string {
  return createHash("sha256").update(`replay guard\n${password}`).digest("hex").slice(0, 4);
}
