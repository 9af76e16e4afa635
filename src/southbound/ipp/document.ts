import { parseDeviceId } from "../device-id.ts";
import { decodeIpp, type IppMessage } from "./message.ts";
import { parseStateString } from "./state-strings.ts";
import { ippGroup, ippStatusNames } from "./tags.ts";
import { dateTimeText, type IppAttribute, type IppValue } from "./value.ts";

/**
 * A value as JSON: numbers, booleans and texts as they are; resolutions `600dpi` or `1200x600dpi`, ranges `1-99`, dates ISO 8601,
 * collections as objects, other octets as text when printable, else hexadecimal; null for "no value".
 */
export type IppJson =
  string | number | boolean | null | readonly IppJson[] | { readonly [name: string]: IppJson };

/** Attributes of a group by name: one value as it is, several as a list; without a value absent. */
export type IppFields = Readonly<Record<string, IppJson>>;

/** An answer in the form mappings select in. */
export interface IppDocument {
  readonly version: string;
  /** `0x0000`. */
  readonly statusCode: string;
  readonly status: number;
  readonly statusName: string;
  readonly requestId: number;
  readonly operation: IppFields;
  readonly printer: IppFields;
  /** The same, every attribute as a list; a value that is none is an empty text, so that lists stay side by side. */
  readonly attributes: Readonly<Record<string, readonly IppJson[]>>;
  readonly jobs: readonly IppFields[];
  readonly unsupported: IppFields;
  /** Fields of printer-device-id. */
  readonly deviceId: Readonly<Record<string, string>>;
  /** marker-… attributes put together, one entry per marker; none when names and levels differ in number. */
  readonly markers: readonly IppFields[];
  /** Fields of each printer-supply, printer-input-tray, … value (PWG 5100.9), by their own keys. */
  readonly supplies: readonly IppFields[];
  readonly inputTrays: readonly IppFields[];
  readonly outputTrays: readonly IppFields[];
  readonly finishers: readonly IppFields[];
  readonly alerts: readonly IppFields[];
}

/** Decodes an answer into the form mappings select in. @throws {IppDecodeError} */
export function ippDocument(bytes: Uint8Array): IppDocument {
  return documentOf(decodeIpp(bytes));
}

/** The form mappings select in of an answer. Of a name sent twice the first counts (RFC 8011 §4.1.3 allows it once). */
export function documentOf(message: IppMessage): IppDocument {
  const { version, code, requestId } = message;
  const printer = fieldsOf(attributesOf(message, ippGroup.printer));
  const deviceId = printer["printer-device-id"];
  return {
    version: `${version.major}.${version.minor}`,
    statusCode: `0x${code.toString(16).padStart(4, "0")}`,
    status: code,
    statusName: ippStatusNames[code] ?? "unknown",
    requestId,
    operation: fieldsOf(attributesOf(message, ippGroup.operation)),
    printer,
    attributes: listsOf(printer),
    jobs: message.groups
      .filter(({ tag }) => tag === ippGroup.job)
      .map((job) => fieldsOf(job.attributes)),
    unsupported: fieldsOf(attributesOf(message, ippGroup.unsupported)),
    deviceId: typeof deviceId === "string" ? parseDeviceId(deviceId) : {},
    markers: zipMarkers(printer),
    supplies: described(printer, "printer-supply"),
    inputTrays: described(printer, "printer-input-tray"),
    outputTrays: described(printer, "printer-output-tray"),
    finishers: described(printer, "printer-finisher"),
    alerts: described(printer, "printer-alert"),
  };
}

function attributesOf(message: IppMessage, group: number): readonly IppAttribute[] {
  return message.groups.filter(({ tag }) => tag === group).flatMap(({ attributes }) => attributes);
}

function fieldsOf(attributes: readonly IppAttribute[]): IppFields {
  const fields = new Map<string, IppJson>();
  for (const { name, values } of attributes) {
    const texts = values.map(toJson);
    const only = texts.length === 1 ? texts[0] : texts;
    const isTold = texts.some((text) => text !== null);
    if (isTold && only !== undefined && !fields.has(name)) fields.set(name, only);
  }
  return Object.fromEntries(fields);
}

function listsOf(fields: IppFields): IppDocument["attributes"] {
  const lists = Object.entries(fields).map(
    ([name, value]) => [name, asList(value).map((item) => item ?? "")] as const,
  );
  return Object.fromEntries(lists);
}

function toJson(value: IppValue): IppJson {
  switch (value.syntax) {
    case "integer":
    case "enum":
    case "boolean":
      return value.value;
    case "text":
      return told(value.value);
    case "dateTime":
      return dateTimeText(value.octets) ?? null;
    case "range":
      return `${value.lower}-${value.upper}`;
    case "resolution":
      return resolutionText(value.crossFeed, value.feed, value.unit);
    case "collection":
      return fieldsOf(value.members);
    case "octets":
      return octetText(value.octets);
    case "outOfBand":
      return null;
  }
}

function resolutionText(crossFeed: number, feed: number, unit: number): string {
  const dots = crossFeed === feed ? `${feed}` : `${crossFeed}x${feed}`;
  return dots + (resolutionUnits[unit] ?? "");
}

/** RFC 8010 §3.9: 3 is dpi; RFC 8011 §5.1.16: 4 is dots per centimetre. */
const resolutionUnits: Readonly<Record<number, string>> = { 3: "dpi", 4: "dpcm" };

/** Xerox sends the name of the out-of-band value as a text. */
function told(text: string): string | null {
  return text === "no-value" ? null : text;
}

const printable = /^[\x20-\x7e\t\r\n]*$/;

function octetText(octets: Uint8Array): string | null {
  const text = Buffer.from(octets).toString("latin1");
  return printable.test(text) ? told(text) : Buffer.from(octets).toString("hex");
}

/** PWG 5100.9 lists; the description, if there is one for each, goes with them. */
function described(printer: IppFields, name: string): readonly IppFields[] {
  const descriptions = asList(printer[`${name}-description`]);
  const values = asList(printer[name]);
  return values.map((value, at) => {
    const fields = typeof value === "string" ? parseStateString(value) : {};
    const description = descriptions.length === values.length ? descriptions[at] : undefined;
    return typeof description === "string" && description !== ""
      ? { ...fields, description }
      : fields;
  });
}

/** CUPS's parallel lists (also PWG 5100.13 appendix): names, colours, types and levels of the same markers. */
const markerColumns = {
  name: "marker-names",
  color: "marker-colors",
  type: "marker-types",
  level: "marker-levels",
  lowLevel: "marker-low-levels",
  highLevel: "marker-high-levels",
} as const;

/**
 * One entry per marker. Lists as long as that of the levels belong together; what else is of another length says nothing
 * about which marker is meant. Without names as many as levels there is nothing to go by.
 */
function zipMarkers(printer: IppFields): readonly IppFields[] {
  const lists = Object.entries(markerColumns).map(
    ([key, attribute]) => [key, asList(printer[attribute])] as const,
  );
  const { length } = asList(printer[markerColumns.level]);
  if (asList(printer[markerColumns.name]).length !== length) return [];
  return Array.from({ length }, (_, at) => {
    const cells = lists.flatMap(([key, list]) => {
      const cell = list.length === length ? list[at] : undefined;
      return cell === undefined || cell === null ? [] : [[key, cell] as const];
    });
    return Object.fromEntries(cells);
  });
}

function asList(value: IppJson | undefined): readonly IppJson[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? (value as readonly IppJson[]) : [value];
}
