import type { SnmpValue, UnavailableReason } from "../driver.ts";
import type { Conversation } from "./conversation.ts";
import { SnmpDecodeError } from "./errors.ts";
import { type ErrorStatusName, errorStatusName, pduType } from "./message.ts";
import { internOid } from "./oid.ts";
import type { TransportReply } from "./transport.ts";
import { isAbsent, nullValue } from "./value.ts";
import type { VarbindList } from "./varbind-list.ts";

/** Answer to each OID asked for. */
export type ScalarAnswers = Map<string, SnmpValue | UnavailableReason>;

/**
 * GETs complete instance OIDs in batches. A batch that fails is divided until the OID at fault stands alone, so that
 * one OID an agent cannot take does not cost the others.
 */
export async function readScalars(
  talk: Conversation,
  oids: readonly string[],
): Promise<ScalarAnswers> {
  const answers: ScalarAnswers = new Map();
  const wanted = [...new Set(oids)].filter((oid) => !settleAvoided(talk, answers, oid));
  const queue: (readonly string[])[] = [wanted];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    if (next.length === 0) continue;
    const batch = next.slice(0, talk.memory.getBatch);
    // What comes back goes to the front: a divided batch is finished before the next one is begun.
    queue.unshift(...(await readBatch(talk, answers, batch)), next.slice(batch.length));
  }
  return answers;
}

/** An OID known to silence its agent is `refused`, as opposed to one that got lost this once (`timeout`). */
function settleAvoided(talk: Conversation, answers: ScalarAnswers, oid: string): boolean {
  const reason = talk.memory.avoided(oid, talk.nowMs());
  if (reason !== undefined) answers.set(oid, reason === "timeout" ? "refused" : reason);
  return reason !== undefined;
}

/** Asks for one batch; returns the batches still to be asked. */
async function readBatch(
  talk: Conversation,
  answers: ScalarAnswers,
  batch: readonly string[],
): Promise<(readonly string[])[]> {
  const varbinds = batch.map((oid) => ({ oid: internOid(oid), value: nullValue }));
  const outcome = await talk.send({ type: pduType.get, varbinds });
  switch (outcome.kind) {
    case "reply":
      return outcome.reply.errorStatus === 0
        ? takeValues(answers, batch, outcome.reply.varbinds)
        : takeError(talk, answers, batch, outcome.reply);
    case "silent":
      if (batch.length === 1 && batch[0] !== undefined)
        talk.memory.avoid(batch[0], "timeout", talk.nowMs());
      return divide(answers, batch, "timeout");
    case "garbled":
      return divide(answers, batch, "malformed");
    case "gone":
      return settle(answers, batch, "timeout");
    case "cut":
      return settle(answers, batch, "cut");
  }
}

function settle(
  answers: ScalarAnswers,
  batch: readonly string[],
  reason: UnavailableReason,
): never[] {
  for (const oid of batch) answers.set(oid, reason);
  return [];
}

/** The halves of a batch; a single OID is settled. */
function divide(
  answers: ScalarAnswers,
  batch: readonly string[],
  reason: UnavailableReason,
): (readonly string[])[] {
  if (batch.length === 1) return settle(answers, batch, reason);
  const middle = Math.ceil(batch.length / 2);
  return [batch.slice(0, middle), batch.slice(middle)];
}

/** Stores what was answered; names left out (short answers) or altered are asked for again, ever fewer at a time. */
function takeValues(
  answers: ScalarAnswers,
  batch: readonly string[],
  varbinds: VarbindList,
): (readonly string[])[] {
  const missing = batch.filter((oid, n) => {
    if (n >= varbinds.count || varbinds.compareOid(internOid(oid), n) !== 0) return true;
    answers.set(oid, valueAt(varbinds, n));
    return false;
  });
  if (missing.length < batch.length) return missing.length === 0 ? [] : [missing];
  return divide(answers, batch, "malformed");
}

/** Value `n`, or why it is none; a malformed one costs only itself. */
export function valueAt(varbinds: VarbindList, n: number): SnmpValue | UnavailableReason {
  const tag = varbinds.tag(n);
  if (isAbsent(tag)) return "noSuchObject";
  try {
    return varbinds.value(n);
  } catch (error) {
    if (error instanceof SnmpDecodeError) return "malformed";
    throw error;
  }
}

/** Reason for a single OID by the error-status it caused. */
const reasonByStatus: Partial<Record<ErrorStatusName, UnavailableReason>> = {
  noSuchName: "noSuchObject",
  tooBig: "cut",
};

function takeError(
  talk: Conversation,
  answers: ScalarAnswers,
  batch: readonly string[],
  { errorStatus, errorIndex }: TransportReply,
): (readonly string[])[] {
  const status = errorStatusName(errorStatus);
  const reason = reasonByStatus[status] ?? "refused";
  if (status === "tooBig") {
    if (batch.length > 1) talk.memory.shrinkGetBatch(batch.length);
    return divide(answers, batch, reason);
  }
  const culprit = batch[errorIndex - 1] ?? (batch.length === 1 ? batch[0] : undefined);
  if (culprit === undefined) return divide(answers, batch, reason);
  answers.set(culprit, reason);
  // In v1 an absent OID fails its whole GET (RFC 1157 §4.1.2), so it is left out for a while.
  if (reason === "noSuchObject") talk.memory.avoid(culprit, reason, talk.nowMs());
  return [batch.filter((oid) => oid !== culprit)];
}
