import { registerSecret } from "../shared/redact.ts";
import type { Transactor } from "./group-commit.ts";
import { isRecord, parseStored } from "./json.ts";
import { run } from "./kysely.ts";
import type { SecretBox } from "./secret-box.ts";

/** Row types as CWMP states them (`cwmp/transfers/transfer.ts`); equal structurally, checked in `ports.test.ts`. */
export interface TransferRequest {
  readonly kind: "Download" | "Upload" | "ScheduleDownload";
  readonly commandKey: string;
  readonly fileType: string;
  readonly url: string;
  readonly username: string;
  readonly password: string;
  readonly fileSize: number;
  readonly targetFileName: string;
  readonly windows: readonly {
    readonly startsAtMs: number;
    readonly endsAtMs: number;
    readonly mode: "1 At Any Time" | "2 Immediately" | "3 When Idle";
    readonly maxRetries: number;
  }[];
}

/** How far a transfer got. */
export interface TransferProgress {
  readonly state: "waiting" | "transferring" | "applying" | "restarting" | "reporting" | "done";
  readonly window: number;
  readonly attempts: number;
  readonly notBeforeMs: number;
  readonly startedAtMs?: number;
  readonly completedAtMs?: number;
  readonly faultCode: number;
  readonly faultString: string;
}

/** A transfer that is not over. */
export interface Transfer {
  readonly id: number;
  readonly endpointId: string;
  readonly request: TransferRequest;
  readonly progress: TransferProgress;
}

/** File transfers the ACS ordered. What was ordered is encrypted as a whole: it carries a password. */
export class TransferRepository {
  readonly #transactor: Transactor;
  readonly #secrets: SecretBox;

  constructor(transactor: Transactor, secrets: SecretBox) {
    this.#transactor = transactor;
    this.#secrets = secrets;
  }

  /** The transfers of all endpoints, oldest first. */
  load(): Promise<readonly Transfer[]> {
    return this.#transactor.transact(async (tx) => {
      const rows = await tx.selectFrom("transfers").selectAll().orderBy("id").execute();
      return rows.map(({ id, endpoint, request, progress_json }) => ({
        id: id ?? 0,
        endpointId: endpoint,
        request: this.#openRequest(request, endpoint),
        progress: parseStored(progress_json, `transfer ${id ?? 0}`, isProgress),
      }));
    });
  }

  /** Returns the id; on disk when it resolves, as is all that follows. */
  add(endpoint: string, request: TransferRequest, progress: TransferProgress): Promise<number> {
    const sealed = this.#secrets.sealText(JSON.stringify(request), place(endpoint));
    const progress_json = JSON.stringify(progress);
    return this.#transactor.transact(async (tx) => {
      const { insertId } = await tx
        .insertInto("transfers")
        .values({ id: null, endpoint, request: sealed, progress_json })
        .executeTakeFirstOrThrow();
      return Number(insertId);
    });
  }

  /** Replaces the progress; one that was removed stays so. */
  update(id: number, progress: TransferProgress): Promise<void> {
    return this.#transactor.transact(async (tx) => {
      await run(tx, "UPDATE transfers SET progress_json = ? WHERE id = ?", [
        JSON.stringify(progress),
        id,
      ]);
    });
  }

  remove(ids: readonly number[]): Promise<void> {
    return this.#transactor.transact(async (tx) => {
      for (const id of ids) await run(tx, "DELETE FROM transfers WHERE id = ?", [id]);
    });
  }

  #openRequest(sealed: string, endpoint: string): TransferRequest {
    const text = this.#secrets.openText(sealed, place(endpoint));
    const request = parseStored(text, `transfer of ${endpoint}`, isRequest);
    registerSecret(request.password);
    return request;
  }
}

function place(endpoint: string): string {
  return `transfer of ${endpoint}`;
}

const kinds: readonly unknown[] = ["Download", "Upload", "ScheduleDownload"];
const states: readonly unknown[] = [
  "waiting",
  "transferring",
  "applying",
  "restarting",
  "reporting",
];

function isRequest(value: unknown): value is TransferRequest {
  return (
    isRecord(value) &&
    kinds.includes(value["kind"]) &&
    ["commandKey", "fileType", "url", "username", "password", "targetFileName"].every(
      (name) => typeof value[name] === "string",
    ) &&
    typeof value["fileSize"] === "number" &&
    Array.isArray(value["windows"])
  );
}

function isProgress(value: unknown): value is TransferProgress {
  return (
    isRecord(value) &&
    states.includes(value["state"]) &&
    ["window", "attempts", "notBeforeMs", "faultCode"].every(
      (name) => typeof value[name] === "number",
    ) &&
    typeof value["faultString"] === "string"
  );
}
