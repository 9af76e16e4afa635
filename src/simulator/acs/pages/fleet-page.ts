import type { DeviceRecord } from "../device-record.ts";
import type { Violation } from "../acs-port.ts";
import { type Html, html } from "./html.ts";
import { ago, page, table } from "./layout.ts";
import { type PrinterFacts, type SupplyFacts, printersOf } from "./printer-facts.ts";

/** Rows shown at most; the API has the rest. */
const mostRows = 2_000;
/** Problems shown at most. */
const mostProblems = 20;

/** The list of everything that has informed this ACS. */
export function fleetPage(
  devices: readonly DeviceRecord[],
  violations: readonly Violation[],
  nowMs: number,
): string {
  const rows = devices.slice(0, mostRows).flatMap((device) => rowsOf(device, nowMs));
  const head = [
    "Device",
    "Serial number",
    "State",
    "Supplies",
    "Impressions",
    "Last events",
    "Last contact",
  ];
  const empty = "No device has informed this ACS yet. Point acs.url at it and wait a moment.";
  const content = html`<h1>${devices.length} devices</h1>
    ${table(head, rows, empty)} ${problems(violations)}`;
  return page("Devices · mfpgate test ACS", 3, content);
}

function rowsOf(device: DeviceRecord, nowMs: number): readonly Html[] {
  const printers = printersOf(device);
  if (printers.length === 0) return [row(device, undefined, nowMs)];
  return printers.map((printer) => row(device, printer, nowMs));
}

function row(device: DeviceRecord, printer: PrinterFacts | undefined, nowMs: number): Html {
  const { manufacturer, productClass, serialNumber } = device.deviceId;
  const link = `/devices/${encodeURIComponent(device.id)}`;
  const name = printer === undefined || printer.model === "" ? productClass : printer.model;
  const events = device.sessions.last()?.events.join(", ") ?? "";
  return html`<tr>
    <td><a href="${link}">${name}</a><br /><span class="quiet">${manufacturer}</span></td>
    <td>${serialNumber}</td>
    <td>${printer === undefined ? undefined : stateBadge(printer)}</td>
    <td>${printer?.supplies.slice(0, 8).map(supplyLine)}</td>
    <td>${printer?.impressions}</td>
    <td class="quiet">${events}</td>
    <td>${ago(device.lastInformAtMs, nowMs)}</td>
  </tr>`;
}

/** State, console text and alerts of a printer in one cell. */
export function stateBadge(printer: PrinterFacts): Html {
  const isAway = printer.reachability !== "" && printer.reachability !== "Online";
  const label = isAway ? printer.reachability : printer.state;
  const tone = isAway ? "warn" : toneOf(printer);
  const more = [printer.consoleText, ...printer.alerts.slice(0, 3)].filter((text) => text !== "");
  return html`<span class="badge ${tone}">${label === "" ? "unknown" : label}</span>
    <div class="quiet">${[...new Set(more)].join(" · ")}</div>`;
}

function toneOf({ state, stateReasons, alerts }: PrinterFacts): string {
  if (/stopped|error|down/i.test(state) || /jam|coveropen|empty/i.test(stateReasons)) return "bad";
  if (state === "") return "";
  return alerts.length > 0 ? "warn" : "good";
}

/** One supply with a bar when its level is known. */
export function supplyLine({ name, colorant, percent, level }: SupplyFacts): Html {
  const label = colorant === "" ? name : colorant;
  if (percent === undefined)
    return html`<div title="${name}" class="quiet">${label}: ${level}</div>`;
  const tone = percent <= 5 ? "bad" : percent <= 15 ? "warn" : "";
  return html`<div title="${name}">
    <span class="bar"><i class="${tone}" style="width:${percent}%"></i></span>${label} ${percent} %
  </div>`;
}

function problems(violations: readonly Violation[]): Html {
  const newest = violations.slice(-mostProblems).reverse();
  const rows = newest.map(
    ({ deviceId, text }) =>
      html`<tr>
        <td>${deviceId ?? "unknown device"}</td>
        <td class="bad">${text}</td>
      </tr>`,
  );
  return html`<h2>Violations of the protocol (${violations.length})</h2>
    ${table(["Device", "What"], rows, "None so far.")}`;
}
