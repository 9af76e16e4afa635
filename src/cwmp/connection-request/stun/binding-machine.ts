/**
 * The life of the NAT binding as a table (TR-069a6 Annex G). Pure: what happened goes in, what to do comes out. The
 * runner in `stun-client.ts` does it.
 */

/**
 * `off`: STUN is not to be used. `asking`: a Binding Request is unanswered. `announcing`: one with BINDING-CHANGE is.
 * `resting`: the binding is known and left idle. `testing`: a request from a secondary port asks whether it still
 * stands. `waiting`: the server did not answer or refused; to be tried again later.
 */
export type BindingState = "off" | "asking" | "announcing" | "resting" | "testing" | "waiting";

/** What happened. */
export type BindingInput =
  /** Settings are in force, for the first time or others. */
  | "configured"
  | "disabled"
  /** The time to rest or to wait is over. */
  | "due"
  /** Binding Response with the address known so far, or the first one. */
  | "confirmed"
  /** Binding Response with another address than before. */
  | "moved"
  /** Binding Error Response 401: credentials wanted. */
  | "unauthorized"
  /** Any other error response. */
  | "refused"
  /** No answer to any retransmission; or the server has no address. */
  | "silent"
  /** The answer to the test came to the primary port. */
  | "reflected"
  /** The answer to the test came back to the secondary port: the server ignores RESPONSE-ADDRESS. */
  | "returned";

/** What the machine needs to know besides its state. */
export interface BindingContext {
  /** STUNUsername is not empty. */
  readonly hasCredentials: boolean;
  /** The unanswered request was signed. */
  readonly isSigned: boolean;
  /** The idle time over was one to be tested. */
  readonly isTrial: boolean;
}

/** What the runner does next. */
export type BindingAction =
  | "ask"
  | "announce"
  /** Sends the unanswered request again, signed. */
  | "sign"
  | "rest"
  | "test"
  | "wait"
  | "stop"
  /** The input has no meaning here. */
  | "ignore";

/** A row of the table. */
export interface BindingStep {
  readonly state: BindingState;
  readonly action: BindingAction;
}

const steps = {
  ask: { state: "asking", action: "ask" },
  announce: { state: "announcing", action: "announce" },
  rest: { state: "resting", action: "rest" },
  test: { state: "testing", action: "test" },
  wait: { state: "waiting", action: "wait" },
  stop: { state: "off", action: "stop" },
} as const satisfies Record<string, BindingStep>;

/** What follows when `input` arrives in `state`. */
export function nextBindingStep(
  state: BindingState,
  input: BindingInput,
  context: BindingContext,
): BindingStep {
  if (input === "configured") return steps.ask;
  if (input === "disabled") return steps.stop;
  switch (state) {
    case "asking":
      return whileAsking("asking", input, context);
    case "announcing":
      return whileAsking("announcing", input, context);
    case "resting":
      if (input !== "due") return ignored(state);
      return context.isTrial ? steps.test : steps.ask;
    case "testing":
      return whileTesting(input);
    case "waiting":
      return input === "due" ? steps.ask : ignored(state);
    case "off":
      return ignored(state);
  }
}

type Happened = Exclude<BindingInput, "configured" | "disabled">;

function whileAsking(
  state: "asking" | "announcing",
  input: Happened,
  { hasCredentials, isSigned }: BindingContext,
): BindingStep {
  switch (input) {
    case "confirmed":
      return steps.rest;
    case "moved":
      // A gateway that gives every packet another port would have it announced without end.
      return state === "announcing" ? steps.rest : steps.announce;
    case "unauthorized":
      return hasCredentials && !isSigned ? { state, action: "sign" } : steps.wait;
    case "refused":
    case "silent":
      return steps.wait;
    case "due":
    case "reflected":
    case "returned":
      return ignored(state);
  }
}

/** However a test ends, a keep-alive follows: it revives a binding that was lost. */
function whileTesting(input: Happened): BindingStep {
  switch (input) {
    case "reflected":
    case "returned":
    case "silent":
      return steps.ask;
    case "due":
    case "confirmed":
    case "moved":
    case "unauthorized":
    case "refused":
      return ignored("testing");
  }
}

function ignored(state: BindingState): BindingStep {
  return { state, action: "ignore" };
}
