/**
 * The CWMP session as a table (TR-069a6 §3.7.1, §3.7.2). Pure: what happened goes in, what to do comes out. The runner in
 * `session.ts` does it.
 */

/**
 * `informing`: Inform sent. `requesting`: a request of the CPE sent. `listening`: nothing of ours outstanding, the ACS
 * has the word. The others are final.
 */
export type SessionState = "informing" | "requesting" | "listening" | "ended" | "failed";

/** What the ACS answered to the last POST. */
export type SessionInput =
  /** InformResponse whose ID matches. */
  | "informResponse"
  /** The response to the outstanding request of the CPE. */
  | "response"
  /** A request of the ACS, known or not. */
  | "request"
  /** Fault 8005: send the same again. */
  | "retryRequest"
  /** Any other fault. */
  | "fault"
  /** 204, or 200 without content. */
  | "empty"
  /** Anything that has no place here: a second InformResponse, a wrong ID, a response nobody waits for. */
  | "unexpected";

/** What the session knows besides its state. */
export interface SessionContext {
  /** HoldRequests of the last envelope. While true the CPE sends no requests. */
  readonly holdRequests: boolean;
  /** Whether the ACS has held requests at any time in this session. */
  readonly wasHeld: boolean;
  /** Whether the CPE has requests of its own left. */
  readonly hasRequests: boolean;
  /** How often the outstanding request may still be repeated. */
  readonly repeatsLeft: number;
  /** How many requests of the ACS may still be answered. */
  readonly answersLeft: number;
  /** How many empty POSTs in a row may still be sent while held. */
  readonly heldLeft: number;
}

/** What the runner does next. */
export type SessionAction =
  "repeat" | "sendRequest" | "sendEmpty" | "holdOn" | "answer" | "end" | "fail";

/** A row of the table. */
export interface SessionStep {
  readonly state: SessionState;
  readonly action: SessionAction;
}

const failed: SessionStep = { state: "failed", action: "fail" };

/** What follows when `input` arrives in `state`. */
export function nextStep(
  state: SessionState,
  input: SessionInput,
  context: SessionContext,
): SessionStep {
  switch (state) {
    case "informing":
      return afterInform(input, context);
    case "requesting":
      return afterRequest(input, context);
    case "listening":
      return whileListening(input, context);
    case "ended":
    case "failed":
      return failed;
  }
}

function afterInform(input: SessionInput, context: SessionContext): SessionStep {
  switch (input) {
    case "informResponse":
      return ownTurn(context);
    case "retryRequest":
      return repeat("informing", context);
    case "response":
    case "request":
    case "fault":
    case "empty":
    case "unexpected":
      return failed;
  }
}

function afterRequest(input: SessionInput, context: SessionContext): SessionStep {
  switch (input) {
    // A fault concerns that request only; whoever made it knows whether to try again in another session.
    case "response":
    case "fault":
      return ownTurn(context);
    case "retryRequest":
      return repeat("requesting", context);
    case "informResponse":
    case "request":
    case "empty":
    case "unexpected":
      return failed;
  }
}

function whileListening(input: SessionInput, context: SessionContext): SessionStep {
  switch (input) {
    case "request":
      return context.answersLeft > 0 ? { state: "listening", action: "answer" } : failed;
    case "empty":
      return whenAcsIsDone(context);
    case "informResponse":
    case "response":
    case "retryRequest":
    case "fault":
    case "unexpected":
      return failed;
  }
}

/** The CPE's requests come before it gives the word to the ACS with an empty POST. */
function ownTurn({ holdRequests, hasRequests }: SessionContext): SessionStep {
  return hasRequests && !holdRequests
    ? { state: "requesting", action: "sendRequest" }
    : { state: "listening", action: "sendEmpty" };
}

/**
 * An empty answer ends the session unless the ACS holds it open, or the CPE was held and has something to say. What has
 * arisen after the CPE gave the word away waits for the next session: to ACSs this one is over (GenieACS answers 400).
 */
function whenAcsIsDone(context: SessionContext): SessionStep {
  const { holdRequests, wasHeld, hasRequests, heldLeft } = context;
  if (holdRequests) return heldLeft > 0 ? { state: "listening", action: "holdOn" } : failed;
  if (hasRequests && wasHeld) return { state: "requesting", action: "sendRequest" };
  return { state: "ended", action: "end" };
}

function repeat(state: "informing" | "requesting", { repeatsLeft }: SessionContext): SessionStep {
  return repeatsLeft > 0 ? { state, action: "repeat" } : failed;
}
