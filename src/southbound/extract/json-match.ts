import type { JsonPath, JsonStep } from "./json-path.ts";
import { type ScriptValue, textOfValue } from "./script-value.ts";
import type { Work } from "./work.ts";

/** Values a path finds from `root`, in document order. */
export function matchJson(path: JsonPath, root: ScriptValue, work: Work): readonly ScriptValue[] {
  let found: readonly ScriptValue[] = [root];
  for (const { step, isDeep } of path) {
    const contexts = isDeep ? withDescendants(found, work) : found;
    found = contexts.flatMap((context) => take(step, context, work));
  }
  return found;
}

function take(step: JsonStep, context: ScriptValue, work: Work): readonly ScriptValue[] {
  work.spend(1);
  switch (step.kind) {
    case "name":
      return context.kind === "object" ? optional(context.members.get(step.name)) : [];
    case "index":
      return context.kind === "array" ? optional(context.items.at(step.index)) : [];
    case "all":
      return partsOf(context, work);
    case "filter":
      return partsOf(context, work).filter((part) => passes(step, part, work));
  }
}

function passes(
  { path, compare }: Extract<JsonStep, { kind: "filter" }>,
  value: ScriptValue,
  work: Work,
): boolean {
  const found = matchJson(path, value, work);
  if (compare === undefined) return found.length > 0;
  return found.some((part) => (textOfValue(part) === compare.literal) === compare.isEqual);
}

function optional(value: ScriptValue | undefined): readonly ScriptValue[] {
  return value === undefined ? [] : [value];
}

function partsOf(value: ScriptValue, work: Work): readonly ScriptValue[] {
  const parts =
    value.kind === "object"
      ? [...value.members.values()]
      : value.kind === "array"
        ? value.items
        : [];
  work.spend(parts.length);
  return parts;
}

/** Values and all in them, each once, parents first. */
function withDescendants(roots: readonly ScriptValue[], work: Work): readonly ScriptValue[] {
  const all = new Set<ScriptValue>();
  const add = (value: ScriptValue): void => {
    if (all.has(value)) return;
    all.add(value);
    for (const part of partsOf(value, work)) add(part);
  };
  roots.forEach(add);
  return [...all];
}
