import { type OptionalCpeMethod, optionalCpeMethods } from "./cpe-requests.ts";
import { type EndpointState, internalSettings } from "../endpoint/endpoint-state.ts";
import type { EndpointChange } from "../endpoint-store.ts";

/** Whether an ACS takes a request. `unknown` until its GetRPCMethods was answered. */
export type AcsSupport = "listed" | "missing" | "unknown";

/** What the ACS at `acsUrl` makes of a method; those that are not optional every ACS takes. */
export function acsSupport(state: EndpointState, acsUrl: string, method: string): AcsSupport {
  if (!isOptional(method)) return "listed";
  const known = state.settings.get(internalSettings.acsMethods);
  const [url, methods] = known?.split(separator) ?? [];
  if (url !== acsUrl || methods === undefined) return "unknown";
  return methods.split(",").includes(method) ? "listed" : "missing";
}

/** Keeps what the ACS listed, once per URL; an ACS that has no GetRPCMethods lists nothing. */
export function methodsLearned(acsUrl: string, listed: readonly string[]): EndpointChange {
  const methods = optionalCpeMethods.filter((method) => listed.includes(method));
  return {
    setSettings: new Map([[internalSettings.acsMethods, acsUrl + separator + methods.join(",")]]),
  };
}

/** Not part of any URL. */
const separator = "\n";

function isOptional(method: string): method is OptionalCpeMethod {
  return optionalCpeMethods.some((optional) => optional === method);
}
