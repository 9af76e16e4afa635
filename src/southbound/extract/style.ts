/**
 * A property of a `style` attribute, the last one of that name; undefined when it has none. Semicolons within quotes and
 * brackets (`url(data:…;…)`) divide nothing.
 */
export function styleProperty(style: string, property: string): string | undefined {
  const wanted = property.trim().toLowerCase();
  let found: string | undefined;
  for (const declaration of declarations(style)) {
    const colon = declaration.indexOf(":");
    if (colon !== -1 && declaration.slice(0, colon).trim().toLowerCase() === wanted)
      found = declaration.slice(colon + 1).replace(/\s*!important\s*$/i, "");
  }
  return found;
}

function declarations(style: string): readonly string[] {
  const parts: string[] = [];
  let from = 0;
  let depth = 0;
  let quote: string | undefined;
  for (const { 0: mark, index } of style.matchAll(/[;()"']/g)) {
    if (quote !== undefined) quote = mark === quote ? undefined : quote;
    else if (mark === '"' || mark === "'") quote = mark;
    else if (mark === "(") depth += 1;
    else if (mark === ")") depth = Math.max(0, depth - 1);
    else if (mark === ";" && depth === 0) {
      parts.push(style.slice(from, index));
      from = index + 1;
    }
  }
  parts.push(style.slice(from));
  return parts;
}
