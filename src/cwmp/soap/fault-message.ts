import { soapCodeOf } from "../faults.ts";
import { child, childrenOf, textOf } from "./arguments.ts";
import type { MessageOf, ParameterFault } from "./message.ts";
import { number, text } from "./xml-content.ts";
import type { XmlElement } from "./xml-reader.ts";

/** The whole SOAP fault element with its CWMP detail (TR-069a6 §3.4.8). */
export function encodeFault(fault: MessageOf<"Fault">): string {
  const listed = (fault.parameters ?? []).map(
    ({ path, code, text: reason }) =>
      `<SetParameterValuesFault>${text("ParameterName", path)}` +
      `${number("FaultCode", code)}${text("FaultString", reason)}</SetParameterValuesFault>`,
  );
  return (
    `<soap-env:Fault><faultcode>${fault.soapCode ?? soapCodeOf(fault.code)}</faultcode>` +
    "<faultstring>CWMP fault</faultstring><detail><cwmp:Fault>" +
    `${number("FaultCode", fault.code)}${text("FaultString", fault.text)}${listed.join("")}` +
    "</cwmp:Fault></detail></soap-env:Fault>"
  );
}

/** Reads any SOAP fault, with or without detail. Never throws: a fault is answered by nobody. */
export function decodeFault(element: XmlElement): MessageOf<"Fault"> {
  const detail = child(element, "detail");
  const fault = detail === undefined ? undefined : child(detail, "Fault");
  const parameters =
    fault === undefined
      ? []
      : childrenOf(fault, "SetParameterValuesFault").map(decodeParameterFault);
  const reason =
    fault === undefined ? textOf(element, "faultstring") : textOf(fault, "FaultString");
  return {
    method: "Fault",
    code: fault === undefined ? 0 : faultCodeOf(fault),
    text: reason,
    ...(parameters.length === 0 ? {} : { parameters }),
  };
}

function decodeParameterFault(element: XmlElement): ParameterFault {
  return {
    path: textOf(element, "ParameterName").trim(),
    code: faultCodeOf(element),
    text: textOf(element, "FaultString"),
  };
}

function faultCodeOf(element: XmlElement): number {
  const code = textOf(element, "FaultCode").trim();
  return /^\d{1,5}$/.test(code) ? Number(code) : 0;
}
