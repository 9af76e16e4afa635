import type { EwsRequest } from "./web-message.ts";

/** Languages simulated pages know. */
export const languages = ["en", "de", "es"] as const;
/** One of {@link languages}. */
export type Language = (typeof languages)[number];

/** What a printer silently makes of a value it takes. */
export const normalisations = ["trim", "upperCase", "roundTo5"] as const;
/** One of {@link normalisations}. */
export type Normalisation = (typeof normalisations)[number];

/** Which requests a failure meets; everything absent: all of them. */
export interface FailureScope {
  /** Path without query. */
  readonly path?: string;
  readonly method?: string;
  /** Lets so many matching requests pass first. */
  readonly skip?: number;
  /** Is over after so many; lasts until taken back by default. */
  readonly times?: number;
}

/** What goes wrong at the level of HTTP, the same for every maker. */
export type TransportFailure =
  | { readonly type: "slow"; readonly ms: number }
  | { readonly type: "unavailable" }
  /** An optional page that this firmware does not have. */
  | { readonly type: "missing" }
  /** The connection ends without an answer, `before` or `after` the request took effect. */
  | { readonly type: "cut"; readonly when: "before" | "after" }
  /** Plain HTTP answers with a redirect to the https side, where there is one. */
  | { readonly type: "redirectToHttps" };

/** What goes wrong inside pages; each maker says it in its own way, most of them with status 200. */
export type PageFailure =
  /** Somebody else edits. */
  | { readonly type: "busy" }
  /** The edit took too long. */
  | { readonly type: "timeout" }
  /** The token of the page, or the session, is no longer good, whatever the path. */
  | { readonly type: "tokenExpired" }
  | { readonly type: "sessionExpired" }
  /** Somebody switched the language of the pages. */
  | { readonly type: "language"; readonly language: Language }
  /** A new firmware builds its pages differently. */
  | { readonly type: "rebuilt" }
  /** The setting is refused, with an error page. */
  | { readonly type: "refuse"; readonly setting: string }
  /** The setting is confirmed and yet keeps its value. */
  | { readonly type: "ignore"; readonly setting: string }
  | { readonly type: "normalise"; readonly setting: string; readonly how: Normalisation };

/** Anything that can be made to go wrong; plain data, so that a scenario file can say it. */
export type EwsFailure = (TransportFailure | PageFailure) & FailureScope;
type FailureType = EwsFailure["type"];
type SettingFailureType = "refuse" | "ignore" | "normalise";
type FailureOf<Type extends FailureType> = Extract<EwsFailure, { readonly type: Type }>;

interface Pending {
  readonly failure: EwsFailure;
  skip: number;
  times: number;
}

/** The failures in force. */
export class FailureBoard {
  #pending: readonly Pending[] = [];

  /** Puts a failure in force; the result takes it back. */
  add(failure: EwsFailure): () => void {
    const entry = { failure, skip: failure.skip ?? 0, times: failure.times ?? Infinity };
    this.#pending = [...this.#pending, entry];
    return () => {
      this.#pending = this.#pending.filter((other) => other !== entry);
    };
  }

  /** Takes back all of them. */
  clear(): void {
    this.#pending = [];
  }

  /** A failure of this type that meets the request now; counts against its `skip` and `times`. */
  meet<Type extends FailureType>(
    type: Type,
    request?: Pick<EwsRequest, "path" | "method">,
  ): FailureOf<Type> | undefined {
    for (const entry of this.#pending) {
      if (!isOfType(entry.failure, type) || !concerns(entry.failure, request)) continue;
      if (entry.skip > 0) {
        entry.skip -= 1;
        continue;
      }
      if (entry.times <= 0) continue;
      entry.times -= 1;
      return entry.failure;
    }
    return undefined;
  }

  /** A failure of this type in force for the request; not counted, as a page is asked about it several times. */
  find<Type extends FailureType>(type: Type, request: EwsRequest): FailureOf<Type> | undefined {
    return this.#pending
      .flatMap(({ failure }) =>
        isOfType(failure, type) && concerns(failure, request) ? [failure] : [],
      )
      .at(-1);
  }

  /** Failures of this type for one setting; not counted. */
  of<Type extends SettingFailureType>(type: Type, setting: string): readonly FailureOf<Type>[] {
    return this.#pending.flatMap(({ failure }) =>
      isOfType(failure, type) && "setting" in failure && failure.setting === setting
        ? [failure]
        : [],
    );
  }
}

function isOfType<Type extends FailureType>(
  failure: EwsFailure,
  type: Type,
): failure is FailureOf<Type> {
  return failure.type === type;
}

function concerns(
  { path, method }: FailureScope,
  request: Pick<EwsRequest, "path" | "method"> | undefined,
): boolean {
  if (path !== undefined && path !== request?.path) return false;
  return method === undefined || method === request?.method;
}
