/** What the test ACS can be told to do wrong. */
export type InjectedFault =
  /** Handles the message, then hangs up instead of answering. */
  | { readonly kind: "close" }
  /** Answers this HTTP status without looking at the message. */
  | { readonly kind: "status"; readonly status: number; readonly retryAfterS?: number }
  | { readonly kind: "redirect"; readonly status: 301 | 302 | 307 | 308; readonly location: string }
  /** InformResponse with HoldRequests; released after the second empty POST. Only on `Inform`. */
  | { readonly kind: "hold-requests" }
  /** Answers with this SOAP fault (8005: retry request). Only on messages that are requests. */
  | { readonly kind: "acs-fault"; readonly code: number }
  /** Answers with another cwmp:ID than that of the request. Only on messages that are requests. */
  | { readonly kind: "wrong-id" }
  | { readonly kind: "huge"; readonly bytes: number }
  | { readonly kind: "malformed" }
  /** Sends the answer a byte at a time, one each `intervalMs`. */
  | { readonly kind: "drip"; readonly intervalMs: number }
  | { readonly kind: "delay"; readonly delayMs: number };

/** Which messages of a CPE a fault applies to. */
export type MessageKind = "Inform" | "empty" | "other";

/** A fault and when it strikes. */
export interface FaultRule {
  readonly fault: InjectedFault;
  /** Absent: any message. */
  readonly on?: MessageKind;
  /** Absent: any device. */
  readonly deviceId?: string;
  /** How many messages it spoils (default 1). */
  readonly times?: number;
}

const mostRules = 1_000;

/** The faults waiting to strike. */
export class FaultInjector {
  #rules: { readonly rule: FaultRule; left: number }[] = [];

  /** Adds a rule; returns what withdraws it. */
  add(rule: FaultRule): () => void {
    if (this.#rules.length >= mostRules) throw new Error(`more than ${mostRules} fault rules`);
    const entry = { rule, left: rule.times ?? 1 };
    this.#rules.push(entry);
    return () => {
      this.#rules = this.#rules.filter((other) => other !== entry);
    };
  }

  /** The fault for this message, if any; counts it as done. */
  take(on: MessageKind, deviceId: string | undefined): InjectedFault | undefined {
    const entry = this.#rules.find(
      ({ rule }) =>
        (rule.on === undefined || rule.on === on) &&
        (rule.deviceId === undefined || rule.deviceId === deviceId),
    );
    if (entry === undefined) return undefined;
    entry.left -= 1;
    if (entry.left <= 0) this.#rules = this.#rules.filter((other) => other !== entry);
    return entry.rule.fault;
  }
}
