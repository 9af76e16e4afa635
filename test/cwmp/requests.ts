import type { CwmpMessage, DecodedMessage } from "../../src/cwmp/soap/message.ts";

/** AddObject. */
export const add = (path: string, parameterKey = "k"): CwmpMessage => ({
  method: "AddObject",
  path,
  parameterKey,
});

/** DeleteObject. */
export const remove = (path: string, parameterKey = "k"): CwmpMessage => ({
  method: "DeleteObject",
  path,
  parameterKey,
});

/** SetParameterValues, as an ACS sends it that leaves types out. */
export const set = (values: Readonly<Record<string, string>>, parameterKey = "k"): CwmpMessage => ({
  method: "SetParameterValues",
  parameters: Object.entries(values).map(([path, value]) => ({ path, value })),
  parameterKey,
});

/** SetParameterAttributes of one path. */
export const notify = (path: string, notification: number): CwmpMessage => ({
  method: "SetParameterAttributes",
  attributes: [{ path, notification }],
});

/** What answers amount to: the fault code, or the name of the response. */
export const codes = (answers: readonly DecodedMessage[]): readonly (number | string)[] =>
  answers.map((answer) => (answer.method === "Fault" ? answer.code : answer.method));

/** The faults of a SetParameterValues, path and code in turn; the name of the response when there is none. */
export const itemCodes = (answer: DecodedMessage | undefined): readonly (string | number)[] =>
  answer?.method === "Fault"
    ? (answer.parameters ?? []).flatMap(({ path, code }) => [path, code])
    : [answer?.method ?? "nothing"];
