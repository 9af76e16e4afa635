import type { EndpointState } from "./endpoint-state.ts";
import type { EndpointChange } from "../endpoint-store.ts";

/** The records kept as JSON in one setting; what does not look like one, from a damaged file, is left out. */
export function storedList<Item>(
  state: Pick<EndpointState, "settings">,
  setting: string,
  isItem: (value: unknown) => value is Item,
): readonly Item[] {
  const text = state.settings.get(setting);
  if (text === undefined) return [];
  const stored: unknown = JSON.parse(text);
  return Array.isArray(stored) ? stored.filter(isItem) : [];
}

/** Replaces the records of one setting; none removes it. */
export function withList(
  setting: string,
  items: readonly unknown[],
): EndpointChange & { readonly setSettings: ReadonlyMap<string, string | undefined> } {
  const text = items.length === 0 ? undefined : JSON.stringify(items);
  return { setSettings: new Map([[setting, text]]) };
}

/** Whether `value` is an object whose members have these types. */
export function hasMembers<
  Members extends Readonly<Record<string, "string" | "number" | "boolean">>,
>(
  value: unknown,
  members: Members,
): value is { readonly [Name in keyof Members]: TypeOf<Members[Name]> } {
  if (typeof value !== "object" || value === null) return false;
  const entries = new Map<string, unknown>(Object.entries(value));
  return Object.entries(members).every(([name, type]) => typeof entries.get(name) === type);
}

type TypeOf<Name> = Name extends "string"
  ? string
  : Name extends "number"
    ? number
    : Name extends "boolean"
      ? boolean
      : never;
