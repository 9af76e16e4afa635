import { tidyText } from "./text.ts";

/** A value of a JSON text or a script. Numbers keep their text, so that no digit is lost. */
export type ScriptValue =
  | { readonly kind: "text" | "number" | "boolean"; readonly text: string }
  | ScriptObject
  | ScriptArray
  /** `null`, `undefined`, a hole in an array. */
  | { readonly kind: "nothing" }
  /** What only a browser could work out. */
  | { readonly kind: "unknown" };

/** An object; assignments of a script go on filling it. */
export interface ScriptObject {
  readonly kind: "object";
  readonly members: Map<string, ScriptValue>;
}

/** An array; assignments of a script go on filling it. */
export interface ScriptArray {
  readonly kind: "array";
  readonly items: ScriptValue[];
}

/** `null` and its like. */
export const nothing: ScriptValue = { kind: "nothing" };
/** See {@link ScriptValue}. */
export const unknown: ScriptValue = { kind: "unknown" };

/** Text of a value; undefined for objects, arrays, nothing and what is not known. */
export function textOfValue(value: ScriptValue): string | undefined {
  switch (value.kind) {
    case "text":
    case "number":
    case "boolean":
      return tidyText(value.text);
    case "object":
    case "array":
    case "nothing":
    case "unknown":
      return undefined;
  }
}
