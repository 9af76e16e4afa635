import { logger } from "../../shared/log.ts";
import type { ColumnAnswer } from "./answers.ts";
import { ColumnWalk, type TakenRow } from "./column-walk.ts";
import type { Conversation, Outcome } from "./conversation.ts";
import { readHiddenRows } from "./hidden-rows.ts";
import { errorStatusName, pduType } from "./message.ts";
import type { TransportReply } from "./transport.ts";
import { nullValue } from "./value.ts";
import type { VarbindList } from "./varbind-list.ts";

const log = logger("southbound.snmp.read-columns");

/**
 * Walks columns, several in step: GETBULK while the agent can, else GETNEXT, and GET of likely indexes for columns
 * that neither reaches. Each answer stands for itself: one bad column does not cost the others.
 */
export async function readColumns(
  talk: Conversation,
  columns: readonly string[],
): Promise<Map<string, ColumnAnswer>> {
  const walks = [...new Set(columns)].map((column) => new ColumnWalk(column));
  // Columns of equally long tables share a GETBULK without waste.
  walks.sort((a, b) => expectedRows(talk, a) - expectedRows(talk, b));
  await walkAll(talk, walks);
  const answers = new Map(walks.map((walk) => [walk.column, walk.answer]));
  for (const walk of walks) noteWalk(talk, walk);
  await readHiddenRows(talk, walks, answers);
  return answers;
}

function expectedRows(talk: Conversation, walk: ColumnWalk): number {
  return talk.memory.repetitionsFor(walk.column, 0);
}

async function walkAll(talk: Conversation, walks: readonly ColumnWalk[]): Promise<void> {
  let open = walks.filter((walk) => !walk.isDone);
  while (open.length > 0) {
    const bulk = talk.version === "1" || talk.memory.canBulk === false ? [] : open.filter(isBulk);
    if (bulk.length > 0) await bulkStep(talk, bulk);
    else await nextStep(talk, open.slice(0, talk.memory.getBatch));
    capRows(talk, open);
    open = open.filter((walk) => !walk.isDone);
  }
}

function isBulk(walk: ColumnWalk): boolean {
  return !walk.isStepwise;
}

function capRows(talk: Conversation, walks: readonly ColumnWalk[]): void {
  for (const walk of walks)
    if (!walk.isDone && walk.rows.size >= talk.limits.maxRowsPerColumn) walk.stop("cut");
}

function noteWalk(talk: Conversation, walk: ColumnWalk): void {
  if (typeof walk.answer !== "string") talk.memory.noteRows(walk.column, walk.rows.size);
  if (walk.isLooping || walk.answer === "cut")
    log.debug("walk stopped", { column: walk.column, rows: walk.rows.size });
}

/** How many columns go into one GETBULK, and how often each is repeated. */
function planBulk(
  talk: Conversation,
  open: readonly ColumnWalk[],
): { walks: readonly ColumnWalk[]; repetitions: number } {
  const { bulkVarbinds, maxRepetitions } = talk.memory;
  let repetitions = 1;
  let count = 0;
  for (const walk of open) {
    const needed = talk.memory.repetitionsFor(walk.column, walk.rows.size);
    const common = Math.max(repetitions, Math.min(needed, maxRepetitions));
    if (count > 0 && (count + 1) * common > bulkVarbinds) break;
    repetitions = Math.min(common, bulkVarbinds);
    count++;
  }
  return { walks: open.slice(0, count), repetitions };
}

async function bulkStep(talk: Conversation, open: readonly ColumnWalk[]): Promise<void> {
  const { walks, repetitions } = planBulk(talk, open);
  const outcome = await talk.send({
    type: pduType.getBulk,
    varbinds: walks.map((walk) => ({ oid: walk.last, value: nullValue })),
    maxRepetitions: repetitions,
    // Until GETBULK has worked once, silence is more likely a refusal than a lost datagram.
    ...(talk.memory.canBulk === undefined && { retries: 1 }),
  });
  if (stopOnEnd(outcome, walks)) return;
  const asked = walks.length * repetitions;
  if (outcome.kind === "reply" && outcome.reply.errorStatus === 0) {
    const { varbinds } = outcome.reply;
    if (takeRows(walks, varbinds)) {
      noteBulk(talk, walks, varbinds.count >= asked ? asked : 0);
      return;
    }
  }
  chokeOnBulk(talk, walks, asked, outcome);
}

/** GETBULK was answered; whether with sense shows in the columns. */
function noteBulk(talk: Conversation, walks: readonly ColumnWalk[], answeredInFull: number): void {
  const isNonsense = walks.every((walk) => walk.isStepwise);
  talk.memory.canBulk ??= !isNonsense;
  if (!isNonsense && answeredInFull > 0) talk.memory.growBulk(answeredInFull);
}

/** GETBULK failed where the agent is alive: ask for less, or do without it. */
function chokeOnBulk(
  talk: Conversation,
  walks: readonly ColumnWalk[],
  asked: number,
  outcome: Outcome,
): void {
  const mayBeSize =
    outcome.kind !== "reply" || errorStatusName(outcome.reply.errorStatus) === "tooBig";
  const tryLess = mayBeSize && talk.memory.shrinkBulk(asked);
  if (tryLess) return;
  if (talk.memory.canBulk === undefined) {
    talk.memory.canBulk = false;
    log.debug("GETBULK does not work, using GETNEXT", { outcome: outcome.kind });
  } else for (const walk of walks) walk.isStepwise = true;
}

async function nextStep(talk: Conversation, walks: readonly ColumnWalk[]): Promise<void> {
  for (const walk of walks) walk.isStepwise = true;
  const outcome = await talk.send({
    type: pduType.getNext,
    varbinds: walks.map((walk) => ({ oid: walk.last, value: nullValue })),
  });
  if (stopOnEnd(outcome, walks)) return;
  if (outcome.kind === "reply") {
    const { errorStatus, varbinds } = outcome.reply;
    if (errorStatus !== 0) await takeNextError(talk, walks, outcome.reply);
    else if (!takeRows(walks, varbinds)) await divideStep(talk, walks, "malformed");
  } else await divideStep(talk, walks, outcome.kind === "silent" ? "timeout" : "malformed");
}

async function takeNextError(
  talk: Conversation,
  walks: readonly ColumnWalk[],
  { errorStatus, errorIndex }: TransportReply,
): Promise<void> {
  const status = errorStatusName(errorStatus);
  if (status === "tooBig") {
    if (walks.length > 1) talk.memory.shrinkGetBatch(walks.length);
    await divideStep(talk, walks, "cut");
    return;
  }
  const culprit = walks[errorIndex - 1] ?? (walks.length === 1 ? walks[0] : undefined);
  if (culprit === undefined) await divideStep(talk, walks, "refused");
  // In v1 this is how the end of the MIB looks (RFC 1157 §4.1.3).
  else if (status === "noSuchName") culprit.isDone = true;
  else culprit.stop("refused");
}

/** Steps the halves on their own; a column that fails alone ends for `reason`. */
async function divideStep(
  talk: Conversation,
  walks: readonly ColumnWalk[],
  reason: "timeout" | "malformed" | "cut" | "refused",
): Promise<void> {
  if (walks.length === 1) {
    walks[0]?.stop(reason);
    return;
  }
  const middle = Math.ceil(walks.length / 2);
  await nextStep(talk, walks.slice(0, middle));
  await nextStep(talk, walks.slice(middle));
}

function stopOnEnd(outcome: Outcome, walks: readonly ColumnWalk[]): boolean {
  if (outcome.kind !== "gone" && outcome.kind !== "cut") return false;
  for (const walk of walks) walk.stop(outcome.kind === "gone" ? "timeout" : "cut");
  return true;
}

/** Deals a response out to its columns, row by row (RFC 3416 §4.2.3). False when there was nothing in it. */
function takeRows(walks: readonly ColumnWalk[], list: VarbindList): boolean {
  let taken: TakenRow | undefined;
  for (let n = 0; n < list.count; n++) taken = walks[n % walks.length]?.take(list, n, taken);
  for (const walk of walks) walk.release(list);
  return list.count > 0;
}
