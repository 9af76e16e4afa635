import { type Language, languages } from "./failures.ts";

/** A text in each language of the pages. */
export type Words = Readonly<Record<Language, string>>;

/** What values a setting takes. Values are texts everywhere: `true`, `false` for a flag, digits for a number. */
export type SettingKind =
  | { readonly type: "text" | "secret"; readonly maxLength: number }
  | { readonly type: "number"; readonly minimum: number; readonly maximum: number }
  | { readonly type: "flag" }
  | { readonly type: "choice"; readonly choices: readonly string[] };

/** One setting of a simulated printer, independent of the page it appears on. */
export interface Setting {
  readonly name: string;
  readonly kind: SettingKind;
  readonly initial: string;
  readonly label: Words;
}

/** Makes {@link Words} of texts in the order of {@link languages}. */
export function words(...texts: readonly [en: string, de: string, es: string]): Words {
  const [en, de, es] = texts;
  return { en, de, es };
}

/** Whether `value` may be given to a setting of this kind. */
export function isAllowed(kind: SettingKind, value: string): boolean {
  switch (kind.type) {
    case "text":
    case "secret":
      return value.length <= kind.maxLength;
    case "flag":
      return value === "true" || value === "false";
    case "choice":
      return kind.choices.includes(value);
    case "number": {
      const isWhole = /^\d{1,10}$/.test(value);
      return isWhole && Number(value) >= kind.minimum && Number(value) <= kind.maximum;
    }
  }
}

/** The language of the pages a browser wants by `Accept-Language`, if the printer has it. */
export function preferredLanguage(header: string | undefined): Language | undefined {
  const wanted = (header ?? "").split(",").map((part) => part.trim().slice(0, 2).toLowerCase());
  return wanted.flatMap((code) => languages.filter((language) => language === code))[0];
}
