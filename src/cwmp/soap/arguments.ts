import type { XmlElement } from "./xml-reader.ts";

/** An argument that does not fit the schema. Becomes fault 9003 of the method it belongs to. */
export class ArgumentError extends Error {
  override readonly name = "ArgumentError";
}

/** The child called `name`, whatever its namespace: senders disagree on qualifying arguments. */
export function child(parent: XmlElement, name: string): XmlElement | undefined {
  return parent.children.find((element) => element.name === name);
}

/** The child called `name`. @throws {ArgumentError} when absent */
export function requiredChild(parent: XmlElement, name: string): XmlElement {
  const element = child(parent, name);
  if (element === undefined) throw new ArgumentError(`${name} is missing`);
  return element;
}

/** All children called `name`. */
export function childrenOf(parent: XmlElement, name: string): readonly XmlElement[] {
  return parent.children.filter((element) => element.name === name);
}

/** Text of a child as sent; "" when absent or empty. @throws {ArgumentError} beyond `maxLength` characters */
export function textOf(parent: XmlElement, name: string, maxLength = Infinity): string {
  const text = child(parent, name)?.text ?? "";
  if (text.length > maxLength) {
    throw new ArgumentError(`${name} is longer than ${maxLength} characters`);
  }
  return text;
}

/** A path: blanks around it are layout. @throws {ArgumentError} when absent */
export function pathOf(parent: XmlElement, name: string): string {
  return requiredChild(parent, name).text.trim();
}

/** An xsd:boolean; absent or empty is false, as SetParameterAttributes of some ACSs leaves it so. */
export function flagOf(parent: XmlElement, name: string): boolean {
  const text = textOf(parent, name).trim().toLowerCase();
  if (text === "1" || text === "true") return true;
  if (text === "0" || text === "false" || text === "") return false;
  throw new ArgumentError(`${name} is no boolean`);
}

/** An xsd:unsignedInt. @throws {ArgumentError} for anything else */
export function numberOf(parent: XmlElement, name: string): number {
  const value = integerOf(parent, name);
  if (value < 0) throw new ArgumentError(`${name} is negative`);
  return value;
}

/** An integer of at most 32 bits, signed or not. @throws {ArgumentError} for anything else */
export function integerOf(parent: XmlElement, name: string): number {
  const text = requiredChild(parent, name).text.trim();
  const value = /^-?\d{1,10}$/.test(text) ? Number(text) : NaN;
  if (!(value >= -0x8000_0000 && value <= 0xffff_ffff)) {
    throw new ArgumentError(`${name} is no 32-bit number`);
  }
  return value;
}

/** The items of a SOAP array of strings, blanks around each removed. The count in `arrayType` is not believed. */
export function stringsOf(parent: XmlElement, name: string): readonly string[] {
  return requiredChild(parent, name).children.map((item) => item.text.trim());
}

/** The items of a SOAP array of structs. The count in `arrayType` is not believed. @throws {ArgumentError} when absent */
export function structsOf(parent: XmlElement, name: string): readonly XmlElement[] {
  return requiredChild(parent, name).children;
}
