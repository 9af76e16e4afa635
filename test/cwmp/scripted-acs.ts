import { decodeEnvelope } from "../../src/cwmp/soap/decode.ts";
import { encodeEnvelope } from "../../src/cwmp/soap/encode.ts";
import type {
  CwmpHeader,
  CwmpMessage,
  DecodedEnvelope,
  MessageOf,
} from "../../src/cwmp/soap/message.ts";
import type {
  AcsConnection,
  AcsResponse,
  AcsSettings,
  AcsTransport,
} from "../../src/cwmp/transport.ts";

/** One session as the ACS saw it. */
export interface ObservedSession {
  readonly settings: AcsSettings;
  /** Every POST; undefined is the empty one. */
  readonly posts: (DecodedEnvelope | undefined)[];
  isClosed: boolean;
}

/** What the ACS answers to one POST; undefined leaves it to the ordinary behaviour. */
export type Interference = (
  request: DecodedEnvelope | undefined,
  session: ObservedSession,
) => AcsResponse | Error | undefined | Promise<AcsResponse | Error | undefined>;

const namespace = "urn:dslforum-org:cwmp-1-2";

/** Formats an answer of the ACS. */
export function envelope(message: CwmpMessage, header: CwmpHeader = {}): AcsResponse {
  return { status: 200, body: encodeEnvelope({ namespace, header, message }) };
}

export const empty: AcsResponse = { status: 204, body: undefined };

/**
 * An ACS in memory: answers Informs, asks what is queued in `requests` one by one, then ends the session. Real SOAP
 * passes in both directions.
 */
export class ScriptedAcs implements AcsTransport {
  readonly sessions: ObservedSession[] = [];
  /** Asked in the next session that gets so far. */
  readonly requests: CwmpMessage[] = [];
  /** Every envelope received, as text. */
  readonly envelopes: string[] = [];
  interfere: Interference = () => undefined;
  #lastId = 0;

  connect(settings: AcsSettings): AcsConnection {
    const session: ObservedSession = { settings, posts: [], isClosed: false };
    this.sessions.push(session);
    let abort: (error: Error) => void = () => undefined;
    const aborted = new Promise<never>((_resolve, reject) => {
      abort = reject;
    });
    aborted.catch(() => undefined);
    return {
      post: (body) => Promise.race([this.#answer(body, session), aborted]),
      close: () => {
        session.isClosed = true;
        abort(new Error("connection closed"));
      },
    };
  }

  /** The Inform of the session with this index; negative counts from the end. */
  inform(index = -1): MessageOf<"Inform"> {
    const message = this.sessions.at(index)?.posts[0]?.message;
    if (message?.method !== "Inform") throw new Error(`session ${index} has no Inform`);
    return message;
  }

  /** Event codes of that Inform, sorted. */
  events(index = -1): readonly string[] {
    const { events } = this.inform(index);
    return events.map(({ eventCode, commandKey }) => `${eventCode} ${commandKey}`.trim()).sort();
  }

  /** What the CPE answered in the latest session, without the Inform and empty POSTs. */
  answers(index = -1): readonly DecodedEnvelope["message"][] {
    const posts = this.sessions.at(index)?.posts.slice(1) ?? [];
    return posts.flatMap((post) => (post === undefined ? [] : [post.message]));
  }

  async #answer(body: string | undefined, session: ObservedSession): Promise<AcsResponse> {
    if (body !== undefined) this.envelopes.push(body);
    const request = body === undefined ? undefined : decodeEnvelope(body);
    session.posts.push(request);
    const interference = await this.interfere(request, session);
    if (interference instanceof Error) throw interference;
    if (interference !== undefined) return interference;
    if (request?.message.method === "Inform") {
      return envelope({ method: "InformResponse" }, { id: request.header.id ?? "" });
    }
    const next = this.requests.shift();
    if (next === undefined) return empty;
    this.#lastId += 1;
    return envelope(next, { id: `acs-${this.#lastId}` });
  }
}
