/** HTML that needs no more escaping. Only the tag below makes it. */
export interface Html {
  readonly html: string;
}

/** What can stand in a template: text is escaped, HTML and lists of it are not, undefined is nothing. */
export type HtmlPart = string | number | Html | readonly Html[] | undefined;

/** Builds HTML; every interpolated text is escaped, in content and in quoted attributes alike. */
export function html(literals: TemplateStringsArray, ...parts: readonly HtmlPart[]): Html {
  let result = literals[0] ?? "";
  for (const [index, part] of parts.entries()) {
    result += formatPart(part) + (literals[index + 1] ?? "");
  }
  return { html: result };
}

function formatPart(part: HtmlPart): string {
  if (part === undefined) return "";
  if (typeof part === "string" || typeof part === "number") return escapeHtml(String(part));
  return "html" in part ? part.html : part.map((item) => item.html).join("");
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
