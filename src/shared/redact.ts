const secrets = new Set<string>();
let pattern: RegExp | undefined;

/** Shorter secrets would blank out ordinary words; the configuration warns about them instead. */
const shortestSecret = 4;

/** Marks `value` as never to be written anywhere. Call it where a secret is read: configuration, ACS write, store. */
export function registerSecret(value: string): void {
  if (value.length < shortestSecret || secrets.has(value)) return;
  secrets.add(value);
  pattern = undefined;
}

/** Replaces every registered secret in `text`. Used by every sink: log, trace, API, bundle. */
export function redact(text: string): string {
  if (secrets.size === 0) return text;
  pattern ??= new RegExp(
    [...secrets]
      .sort((a, b) => b.length - a.length)
      .map(escape)
      .join("|"),
    "g",
  );
  return text.replace(pattern, "[redacted]");
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
