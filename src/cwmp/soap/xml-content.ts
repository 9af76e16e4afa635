/** Pieces of XML that messages are put together from. Argument elements carry no namespace (CWMP XSDs). */
import { escapeXml } from "./xml-text.ts";

/** An element holding text, escaped. */
export function text(name: string, content: string): string {
  return `<${name}>${escapeXml(content)}</${name}>`;
}

/** An element the schema allows to be left out: nothing for "". */
export function optionalText(name: string, content: string): string {
  return content === "" ? "" : text(name, content);
}

/** An element holding an integer. */
export function number(name: string, value: number): string {
  return `<${name}>${value}</${name}>`;
}

/** An element holding a boolean. */
export function flag(name: string, value: boolean): string {
  return `<${name}>${flagText(value)}</${name}>`;
}

/** 1/0 throughout: every ACS reads both spellings, and this one is never mistaken for a string. */
export function flagText(value: boolean): "1" | "0" {
  return value ? "1" : "0";
}

/** A SOAP array of strings. */
export function strings(name: string, items: readonly string[]): string {
  let xml = `<${name} soap-enc:arrayType="xsd:string[${items.length}]">`;
  for (const item of items) xml += `<string>${escapeXml(item)}</string>`;
  return `${xml}</${name}>`;
}

/** A SOAP array of structs of the CWMP namespace. */
export function array<Item>(
  name: string,
  itemType: string,
  items: readonly Item[],
  encode: (item: Item) => string,
): string {
  let xml = `<${name} soap-enc:arrayType="cwmp:${itemType}[${items.length}]">`;
  for (const item of items) xml += `<${itemType}>${encode(item)}</${itemType}>`;
  return `${xml}</${name}>`;
}
