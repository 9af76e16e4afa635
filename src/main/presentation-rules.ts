import type { Config, PresentAs } from "../config/config.ts";

/** Decides by the rules of the configuration how the ACS sees a printer; the first rule that matches wins. */
export function presentAs(
  presentation: Config["presentation"],
  printer: { readonly manufacturer: string; readonly productClass: string },
): PresentAs {
  const rule = presentation.rules.find(
    ({ vendor, model }) =>
      (vendor === undefined || glob(vendor, printer.manufacturer)) &&
      (model === undefined || glob(model, printer.productClass)),
  );
  return rule?.as ?? presentation.default;
}

/** `*` is any text, `?` one character; case does not matter. Linear: no regular expression, no backtracking blow-up. */
export function glob(pattern: string, text: string): boolean {
  const wanted = pattern.toLowerCase();
  const given = text.toLowerCase();
  let at = 0;
  let position = 0;
  let star = -1;
  let resume = 0;
  while (at < given.length) {
    if (position < wanted.length && (wanted[position] === "?" || wanted[position] === given[at])) {
      position += 1;
      at += 1;
    } else if (wanted[position] === "*") {
      star = position;
      resume = at;
      position += 1;
    } else if (star >= 0) {
      position = star + 1;
      resume += 1;
      at = resume;
    } else {
      return false;
    }
  }
  while (wanted[position] === "*") position += 1;
  return position === wanted.length;
}
