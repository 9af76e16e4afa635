import { type EwsFailure, type FailureScope, languages, normalisations } from "./failures.ts";

type Source = Readonly<Record<string, unknown>>;

/** Reads what each type of failure carries besides its scope; undefined: incomplete. */
const readers: Readonly<Record<EwsFailure["type"], (source: Source) => EwsFailure | undefined>> = {
  slow: ({ ms }) => (isCount(ms) ? { type: "slow", ms } : undefined),
  unavailable: () => ({ type: "unavailable" }),
  missing: () => ({ type: "missing" }),
  cut: ({ when }) => (when === "before" || when === "after" ? { type: "cut", when } : undefined),
  redirectToHttps: () => ({ type: "redirectToHttps" }),
  busy: () => ({ type: "busy" }),
  timeout: () => ({ type: "timeout" }),
  tokenExpired: () => ({ type: "tokenExpired" }),
  sessionExpired: () => ({ type: "sessionExpired" }),
  rebuilt: () => ({ type: "rebuilt" }),
  language: (source) => {
    const language = languages.find((known) => known === source["language"]);
    return language === undefined ? undefined : { type: "language", language };
  },
  refuse: ({ setting }) => (typeof setting === "string" ? { type: "refuse", setting } : undefined),
  ignore: ({ setting }) => (typeof setting === "string" ? { type: "ignore", setting } : undefined),
  normalise: ({ setting, how: given }) => {
    const how = normalisations.find((known) => known === given);
    if (how === undefined || typeof setting !== "string") return undefined;
    return { type: "normalise", setting, how };
  },
};

/** Names of all failures, for messages. */
export const failureTypes: readonly string[] = Object.keys(readers);

/** Checks a failure that came from outside (a scenario file); undefined when it is none, or incomplete. */
export function parseFailure(source: unknown): EwsFailure | undefined {
  if (typeof source !== "object" || source === null) return undefined;
  const entries: Source = Object.fromEntries(Object.entries(source));
  const reader = Object.entries(readers).find(([type]) => type === entries["type"])?.[1];
  const scope = parseScope(entries);
  const failure = reader?.(entries);
  return failure === undefined || scope === undefined ? undefined : { ...failure, ...scope };
}

function parseScope({ path, method, skip, times }: Source): FailureScope | undefined {
  if (path !== undefined && typeof path !== "string") return undefined;
  if (method !== undefined && typeof method !== "string") return undefined;
  if (skip !== undefined && !isCount(skip)) return undefined;
  if (times !== undefined && !isCount(times)) return undefined;
  return {
    ...(path === undefined ? {} : { path }),
    ...(method === undefined ? {} : { method }),
    ...(skip === undefined ? {} : { skip }),
    ...(times === undefined ? {} : { times }),
  };
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}
