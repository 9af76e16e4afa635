import type { CpeRequest } from "./cpe-requests.ts";
import { type EndpointState, internalSettings } from "./endpoint-state.ts";
import { CwmpFault, acsFaults } from "./faults.ts";
import type { DuResult } from "./soap/message.ts";
import { hasMembers, storedList, withList } from "./stored-list.ts";

/** What came of one ChangeDUState, until the ACS was told. */
interface DuReport {
  /** Tells reports apart. */
  readonly id: number;
  readonly commandKey: string;
  readonly results: readonly DuResult[];
}

/** More at a time are refused. */
const mostReports = 16;

const none: readonly CpeRequest[] = [];

/** Results of deployment unit operations, each told by DUStateChangeComplete until that is answered. */
export class DuResults {
  readonly #state: EndpointState;
  /** By report; a request is the same object until it is settled. */
  #requests: Map<number, CpeRequest> | undefined;
  /** Reports of the session under way, which are told in one of their own. */
  #held: Set<number> | undefined;

  constructor(state: EndpointState) {
    this.#state = state;
  }

  /**
   * Notes results, to be told from {@link release} on. On disk when it resolves.
   * @throws {CwmpFault} 9004 when too many wait
   */
  async hold(commandKey: string, results: readonly DuResult[]): Promise<void> {
    const reports = this.#reports();
    if (reports.length >= mostReports) {
      throw new CwmpFault(9004, `results of ${mostReports} requests wait to be reported`);
    }
    const id = Math.max(0, ...reports.map((report) => report.id)) + 1;
    this.#held ??= new Set();
    this.#held.add(id);
    await this.#keep([...reports, { id, commandKey, results }]);
  }

  /** The session in which they were asked for is over. */
  release(): void {
    this.#held = undefined;
  }

  /** One request per report, oldest first. */
  pending(): readonly CpeRequest[] {
    if (!this.#state.settings.has(internalSettings.duResults)) return none;
    return this.#reports()
      .filter(({ id }) => this.#held?.has(id) !== true)
      .map((report) => this.#requestOf(report));
  }

  #requestOf(report: DuReport): CpeRequest {
    const { id, commandKey, results } = report;
    this.#requests ??= new Map();
    let request = this.#requests.get(id);
    if (request === undefined) {
      request = {
        message: { method: "DUStateChangeComplete", results, commandKey },
        events: [
          { eventCode: "11 DU STATE CHANGE COMPLETE", commandKey: "" },
          { eventCode: "M ChangeDUState", commandKey },
        ],
        settled: async (answer) => {
          // An ACS that does not know the method never will; any other fault leaves it for the next session.
          if (answer.method !== "Fault" || answer.code === acsFaults.methodNotSupported) {
            await this.#forget(id);
          }
        },
      };
      this.#requests.set(id, request);
    }
    return request;
  }

  async #forget(id: number): Promise<void> {
    await this.#keep(this.#reports().filter((report) => report.id !== id));
    this.#requests?.delete(id);
  }

  async #keep(reports: readonly DuReport[]): Promise<void> {
    await this.#state.commit(withList(internalSettings.duResults, reports));
  }

  #reports(): readonly DuReport[] {
    return storedList(this.#state, internalSettings.duResults, isReport);
  }
}

function isReport(value: unknown): value is DuReport {
  return (
    hasMembers(value, { id: "number", commandKey: "string" }) &&
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
