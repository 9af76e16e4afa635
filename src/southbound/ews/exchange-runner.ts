import type { Selector } from "../documents.ts";
import type { DocumentStep, ExchangeStep, Judgement, RequestStep } from "../exchange.ts";
import { findTexts } from "./answer-texts.ts";
import { editDocument } from "./document-step.ts";
import { EwsBusyError, EwsProtocolError, EwsRefusedError } from "./errors.ts";
import { urlQuery } from "./form-encoding.ts";
import { formRequest } from "./form-step.ts";
import type { GivenValues } from "./given-values.ts";
import { hadNoTime, judge } from "./judgement.ts";
import type { StepRunner } from "./login.ts";
import type { PageExtractor } from "./page-extractor.ts";
import { encodeBody } from "./request-body.ts";
import { scriptedRequest } from "./scripted-form.ts";
import type { WebAnswer, WebClient, WebRequest } from "./web-client.ts";

/** What running steps needs of the conversation. */
export interface RunnerParts {
  readonly client: WebClient;
  readonly extractor: PageExtractor;
  readonly values: GivenValues;
  send(request: WebRequest, signal?: AbortSignal): Promise<WebAnswer>;
  /** The path with `{home}` filled in. */
  path(path: string, signal?: AbortSignal): Promise<string>;
}

/** Runs chains of requests within one conversation, one request after another, each judged before the next is sent. */
export class ExchangeRunner implements StepRunner {
  readonly #parts: RunnerParts;

  constructor(parts: RunnerParts) {
    this.#parts = parts;
  }

  takeCredentialUse(): boolean {
    const { values } = this.#parts;
    const wasUsed = values.hasUsedCredential;
    values.hasUsedCredential = false;
    return wasUsed;
  }

  /**
   * @throws {EwsRefusedError} `ews.refused`; {EwsBusyError}; {EwsProtocolError} `ews.page-changed` when a form, field,
   * token or member is not there; transport errors. Steps before the one that failed may have changed the printer.
   */
  async run(steps: readonly ExchangeStep[], signal: AbortSignal | undefined): Promise<void> {
    let last: WebAnswer | undefined;
    for (const step of steps) {
      last = await this.#runStep(step, last, signal);
      // A token that changes with every answer comes with refusals as well, and the logout needs it.
      if (step.kind !== "document") await this.remember(step.remember, last);
      await this.#judge(step, last);
    }
  }

  #runStep(
    step: ExchangeStep,
    last: WebAnswer | undefined,
    signal: AbortSignal | undefined,
  ): Promise<WebAnswer> {
    switch (step.kind) {
      case "request":
        return this.#parts.send(this.#plainRequest(step), signal);
      case "form":
        return this.#form(step, last, signal);
      case "document":
        return this.#document(step, signal);
    }
  }

  #plainRequest(step: RequestStep): WebRequest {
    const { values } = this.#parts;
    const body = step.body === undefined ? undefined : encodeBody(step.body, values);
    const query = urlQuery(Object.entries(values.texts(step.query)));
    const join = step.path.includes("?") ? "&" : "?";
    return {
      method: step.method,
      path: query === "" ? step.path : `${step.path}${join}${query}`,
      headers: values.texts(step.headers),
      // Some servers answer 411 to a POST without length (Konica Minolta i-Series).
      body: body ?? (step.method === "POST" ? emptyForm : undefined),
    };
  }

  async #form(
    step: Extract<ExchangeStep, { kind: "form" }>,
    last: WebAnswer | undefined,
    signal: AbortSignal | undefined,
  ): Promise<WebAnswer> {
    const headers = step.scripted === undefined ? undefined : step.headers;
    const page = step.page === undefined ? last : await this.#page(step.page, signal, headers);
    if (page === undefined)
      throw new EwsProtocolError("page-changed", "the first step names no page that has the form");
    if (step.scripted !== undefined)
      return this.#parts.send(
        await scriptedRequest(step, step.scripted, page, this.#parts),
        signal,
      );
    const action = step.action && (await this.#parts.path(step.action, signal));
    const request = await formRequest({ ...step, action }, page, this.#parts);
    return this.#parts.send(request, signal);
  }

  async #document(step: DocumentStep, signal: AbortSignal | undefined): Promise<WebAnswer> {
    const page = await this.#page(step.page, signal);
    const body = editDocument(step, page, this.#parts.client.host);
    const etag = page.headers.get("etag");
    const headers = {
      ...(etag !== undefined && { "If-Match": etag }),
      ...this.#parts.values.texts(step.headers),
    };
    const path = step.path ?? step.page;
    return this.#parts.send({ method: step.method, path, headers, body }, signal);
  }

  /** A page that is to be changed. */
  async #page(
    path: string,
    signal: AbortSignal | undefined,
    given?: RequestStep["headers"],
  ): Promise<WebAnswer> {
    const headers = this.#parts.values.texts(given);
    const page = await this.#parts.send({ method: "GET", path, headers }, signal);
    if (page.status < 400) return page;
    const says = `HTTP ${page.status} for ${page.url.pathname}`;
    throw this.#refusal(hadNoTime(page) ? "busy" : "failure", says);
  }

  async #judge(judgement: Judgement, answer: WebAnswer): Promise<void> {
    const { kind, says } = await judge(answer, judgement, this.#parts);
    if (kind !== "success") throw this.#refusal(kind, says);
  }

  #refusal(kind: "busy" | "failure", says: string): EwsBusyError | EwsRefusedError {
    const { host } = this.#parts.client;
    if (kind === "busy") return new EwsBusyError(host, says);
    return new EwsRefusedError(`${host} did not do what was asked`, says);
  }

  /** Notes what an answer gave. */
  async remember(
    wanted: Readonly<Record<string, Selector>> | undefined,
    answer: WebAnswer,
  ): Promise<void> {
    if (wanted === undefined) return;
    const texts = await findTexts(this.#parts.extractor, answer, wanted);
    for (const [name, [first]] of texts)
      if (first !== undefined) this.#parts.values.remember(name, first);
  }
}

const emptyForm = { type: "application/x-www-form-urlencoded", bytes: new Uint8Array() };
