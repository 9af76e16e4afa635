import type { DecodedMessage, MessageOf } from "../../cwmp/soap/message.ts";
import type { AcsRequest } from "./acs-messages.ts";

/** What is wrong with a response as an answer to `request` (TR-069a6 A.3). Faults are always an answer. */
export function checkResponse(request: AcsRequest, response: DecodedMessage): readonly string[] {
  if (response.method === "Fault") return checkFaultList(request, response);
  if (request.method === "Raw") return [];
  if (response.method !== `${request.method}Response`) {
    return [`${request.method} was answered by ${response.method}`];
  }
  if (request.method === "GetParameterValues") return checkValues(request.paths, response);
  if (request.method === "GetParameterNames") return checkNames(request, response);
  return [];
}

function checkFaultList(request: AcsRequest, fault: MessageOf<"Fault">): readonly string[] {
  if (request.method !== "SetParameterValues") {
    return fault.parameters === undefined
      ? []
      : [`SetParameterValuesFault in a fault on ${request.method}`];
  }
  const asked = new Set(request.parameters.map(({ path }) => path));
  const stranger = fault.parameters?.find(({ path }) => !asked.has(path));
  return stranger === undefined ? [] : [`fault on ${stranger.path}, which was not set`];
}

function checkValues(paths: readonly string[], response: DecodedMessage): readonly string[] {
  if (response.method !== "GetParameterValuesResponse") return [];
  const given = new Set(response.parameters.map(({ path }) => path));
  const missing = paths.find((path) => path !== "" && !path.endsWith(".") && !given.has(path));
  const wanted = (path: string): boolean =>
    paths.some(
      (asked) => path === asked || asked === "" || (asked.endsWith(".") && path.startsWith(asked)),
    );
  const surplus = paths.length > 50 ? undefined : [...given].find((path) => !wanted(path));
  return [
    ...(missing === undefined ? [] : [`${missing} was asked for and is missing`]),
    ...(surplus === undefined ? [] : [`${surplus} was not asked for`]),
    ...(given.size === response.parameters.length ? [] : ["a parameter is listed twice"]),
  ];
}

function checkNames(
  { path, nextLevel }: MessageOf<"GetParameterNames">,
  response: DecodedMessage,
): readonly string[] {
  if (response.method !== "GetParameterNamesResponse") return [];
  const names = response.names.map((name) => name.path);
  const present = new Set(names);
  const stray = names.find((name) => !name.startsWith(path) || (nextLevel && name === path));
  const orphan = nextLevel
    ? names.find((name) => name.slice(path.length, -1).includes("."))
    : names.find((name) => name.length > path.length && !isParentPresent(name, path, present));
  return [
    ...(stray === undefined ? [] : [`${stray} does not belong below ${path}`]),
    ...(orphan === undefined ? [] : [`${orphan} is listed without its object or too deep`]),
    ...(present.size === names.length ? [] : ["a name is listed twice"]),
  ];
}

/** GenieACS invents missing objects as writable, so each must be listed. */
function isParentPresent(name: string, top: string, present: ReadonlySet<string>): boolean {
  const parent = name.slice(0, name.lastIndexOf(".", name.length - 2) + 1);
  return parent.length < top.length || parent === "" || present.has(parent);
}
