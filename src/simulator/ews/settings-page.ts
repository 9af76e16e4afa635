import { escapeXml } from "../../cwmp/soap/xml-text.ts";
import type { EwsEngine } from "./engine.ts";
import type { Language } from "./failures.ts";
import { type Setting, type Words, words } from "./setting.ts";
import type { EwsRequest } from "./web-message.ts";

/** What the pages are about, in the languages of the pages. */
export const topics = {
  identity: words("Device Information", "Geräteinformationen", "Información del dispositivo"),
  dns: words("DNS and WINS", "DNS und WINS", "DNS y WINS"),
  email: words("Email", "E-Mail", "Correo electrónico"),
  protocols: words("Protocol", "Protokoll", "Protocolo"),
  snmp: words("SNMP", "SNMP", "SNMP"),
  time: words("Date and Time", "Datum und Uhrzeit", "Fecha y hora"),
  alerts: words("Notification", "Benachrichtigung", "Notificación"),
  printing: words("Printing", "Drucken", "Impresión"),
  pcl: words("PCL", "PCL", "PCL"),
  ps: words("PostScript", "PostScript", "PostScript"),
} as const;

/** A page of a maker that shows settings under the maker's names of controls. */
export interface SettingsPage {
  readonly path: string;
  readonly title: Words;
  /** Setting → name of its control. */
  readonly fields: Readonly<Record<string, string>>;
  /** Setting → what the maker's guides call it in English, where that is not the label of the setting. */
  readonly english?: Readonly<Record<string, string>>;
}

/** How a maker writes values into forms; everything absent as HTML does it. */
export interface ControlStyle {
  /** A flag is a list of these two values; a check box otherwise. */
  readonly flagValues?: { readonly on: string; readonly off: string };
  /** What the list says for them; On and Off otherwise. */
  readonly flagWords?: Readonly<Record<Language, OnOff>>;
  /** `table`: rows of two cells; `list`: dl, dt, dd. */
  readonly layout: "table" | "list";
}

type OnOff = readonly [on: string, off: string];
const onOff: Readonly<Record<Language, OnOff>> = {
  en: ["On", "Off"],
  de: ["Ein", "Aus"],
  es: ["Sí", "No"],
};

/** A form as it is put into a page. */
export interface FormParts {
  readonly action: string;
  readonly name: string;
  readonly hidden: Readonly<Record<string, string>>;
  /** Otherwise that of the request. */
  readonly language?: Language;
}

/** The form of a page with its current values. */
export function renderForm(
  engine: EwsEngine,
  request: EwsRequest,
  page: SettingsPage,
  style: ControlStyle,
  { action, name, hidden, language = engine.languageFor(request) }: FormParts,
): string {
  const rows = Object.entries(page.fields).map(([setting, control]) => {
    const definition = engine.settings.definition(setting);
    const input = renderControl(definition, control, engine.settings.get(setting), style, language);
    return [labelOf(definition, page, language), control, input] as const;
  });
  const isTable = (style.layout === "table") !== engine.isRebuilt(request);
  return `<form name="${name}" action="${action}" method="post">
${Object.entries(hidden)
  .map(([key, value]) => `<input type="hidden" name="${key}" value="${escapeXml(value)}">`)
  .join("\n")}
<h2>${page.title[language]}</h2>
${isTable ? renderTable(rows) : renderList(rows)}
<input type="submit" value="OK">
</form>`;
}

function labelOf({ name, label }: Setting, { english }: SettingsPage, language: Language): string {
  const own = language === "en" ? english?.[name] : undefined;
  return own ?? label[language];
}

type Row = readonly [label: string, control: string, input: string];

function renderTable(rows: readonly Row[]): string {
  const lines = rows.map(
    ([label, control, input]) =>
      `<tr><td class="label"><label for="${control}">${label}</label>:</td><td>${input}</td></tr>`,
  );
  return `<table class="settings">\n${lines.join("\n")}\n</table>`;
}

function renderList(rows: readonly Row[]): string {
  const lines = rows.map(
    ([label, control, input]) =>
      `<dt><label for="${control}">${label}</label></dt><dd>${input}</dd>`,
  );
  return `<dl class="items">\n${lines.join("\n")}\n</dl>`;
}

function renderControl(
  { kind }: Setting,
  control: string,
  value: string,
  { flagValues, flagWords = onOff }: ControlStyle,
  language: Language,
): string {
  const names = `id="${control}" name="${control}"`;
  switch (kind.type) {
    case "secret":
      // What printers show of a password: nothing.
      return `<input type="password" ${names} value="">`;
    case "choice":
      return renderSelect(
        names,
        kind.choices.map((choice) => [choice, choice]),
        value,
      );
    case "flag": {
      const [on, off] = flagWords[language];
      if (flagValues === undefined)
        return `<input type="checkbox" ${names} value="1"${value === "true" ? " checked" : ""}>`;
      const options = [[flagValues.on, on] as const, [flagValues.off, off] as const];
      return renderSelect(names, options, value === "true" ? flagValues.on : flagValues.off);
    }
    case "number":
    case "text":
      return `<input type="text" ${names} value="${escapeXml(value)}">`;
  }
}

function renderSelect(
  names: string,
  options: readonly (readonly [value: string, text: string])[],
  selected: string,
): string {
  const lines = options.map(
    ([value, text]) =>
      `<option value="${value}"${value === selected ? " selected" : ""}>${text}</option>`,
  );
  return `<select ${names}>${lines.join("")}</select>`;
}

/** What a posted form says: values by setting, and the controls a browser would have sent but this client did not. */
export interface PostedForm {
  readonly changes: ReadonlyMap<string, string>;
  readonly missing: readonly string[];
}

/** Reads a posted form as the maker's firmware does: a check box that is not sent is off. */
export function readForm(
  engine: EwsEngine,
  { fields }: SettingsPage,
  form: URLSearchParams,
  { flagValues }: Pick<ControlStyle, "flagValues">,
): PostedForm {
  const changes = new Map<string, string>();
  const missing: string[] = [];
  for (const [setting, control] of Object.entries(fields)) {
    const { kind } = engine.settings.definition(setting);
    const sent = form.get(control);
    if (kind.type === "flag" && flagValues === undefined)
      changes.set(setting, sent === null ? "false" : "true");
    else if (sent === null) missing.push(control);
    else if (kind.type === "flag") changes.set(setting, flagOf(sent, flagValues));
    // An empty password field means that the password stays.
    else if (kind.type !== "secret" || sent !== "") changes.set(setting, sent);
  }
  return { changes, missing };
}

/** `true`, `false`, or the text itself, which no flag takes. */
function flagOf(sent: string, values: ControlStyle["flagValues"]): string {
  if (sent === values?.on) return "true";
  return sent === values?.off ? "false" : sent;
}

/** A whole page around `body`. */
export function renderPage(title: string, language: Language, body: string): string {
  return `<!DOCTYPE html>
<html lang="${language}"><head><meta charset="UTF-8"><title>${title}</title></head>
<body>
${body}
</body></html>
`;
}
