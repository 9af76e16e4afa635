import type { CpeRequest } from "./cpe-requests.ts";
import { type EndpointState, internalSettings } from "../endpoint/endpoint-state.ts";
import { CwmpFault } from "../faults.ts";
import type { DuResult } from "../soap/message.ts";
import { hasMembers } from "../endpoint/stored-list.ts";
import { type StoredRequestKind, StoredRequests, newRequestId } from "./stored-requests.ts";

/** What came of one ChangeDUState. */
interface DuReport {
  readonly commandKey: string;
  readonly results: readonly DuResult[];
}

/** More at a time are refused. */
const mostReports = 16;

const reportKind: StoredRequestKind<DuReport> = {
  setting: internalSettings.duResults,
  isItem: isReport,
  toldBy: ({ commandKey, results }) => ({
    message: { method: "DUStateChangeComplete", results, commandKey },
    events: [
      { eventCode: "11 DU STATE CHANGE COMPLETE", commandKey: "" },
      { eventCode: "M ChangeDUState", commandKey },
    ],
  }),
};

/** Results of deployment unit operations, each told by DUStateChangeComplete until that is answered. */
export class DuResults {
  readonly #reports: StoredRequests<DuReport>;
  /** Reports of the session under way, which are told in one of their own. */
  #held: Set<string> | undefined;

  constructor(state: EndpointState) {
    this.#reports = new StoredRequests(state, reportKind);
  }

  /**
   * Notes results, to be told from {@link release} on. On disk when it resolves.
   * @throws {CwmpFault} 9004 when too many wait
   */
  async hold(commandKey: string, results: readonly DuResult[]): Promise<void> {
    if (this.#reports.count >= mostReports) {
      throw new CwmpFault(9004, `results of ${mostReports} requests wait to be reported`);
    }
    const id = newRequestId();
    this.#held ??= new Set();
    this.#held.add(id);
    await this.#reports.add({ commandKey, results }, { id });
  }

  /** The session in which they were asked for is over. */
  release(): void {
    this.#held = undefined;
  }

  /** One request per report, oldest first. */
  pending(): readonly CpeRequest[] {
    return this.#reports.pending(this.#held);
  }
}

function isReport(value: unknown): value is DuReport {
  return (
    hasMembers(value, { commandKey: "string" }) &&
    "results" in value &&
    Array.isArray(value.results) &&
    value.results.every(isResult)
  );
}

function isResult(value: unknown): value is DuResult {
  return hasMembers(value, {
    uuid: "string",
    deploymentUnitRef: "string",
    version: "string",
    currentState: "string",
    resolved: "boolean",
    executionUnitRefList: "string",
    startTime: "string",
    completeTime: "string",
    faultCode: "number",
    faultString: "string",
  });
}
