import type { TransferResult } from "../../../cwmp/soap/message.ts";
import type { DeviceRecord, KnownParameter } from "../device-record.ts";
import { requestName } from "../cpe-requests.ts";
import { actionUrl, deviceButtons, objectButton } from "./device-buttons.ts";
import { stateBadge, supplyLine } from "./fleet-page.ts";
import { type Html, html } from "./html.ts";
import { ago, clockTime, page, table } from "./layout.ts";
import { type PrinterFacts, comparePaths, printersOf } from "./printer-facts.ts";

/** Log entries shown at most. */
const mostEntries = 40;

/** Everything known of one device, with the buttons to do something to it. */
export function devicePage(device: DeviceRecord, files: readonly string[], nowMs: number): string {
  const { manufacturer, oui, productClass, serialNumber } = device.deviceId;
  const facts = [
    fact("Manufacturer", `${manufacturer} (${oui})`),
    fact("Product class", productClass),
    fact("Serial number", serialNumber),
    fact("Firmware", device.value("Device.DeviceInfo.SoftwareVersion") ?? ""),
    fact("Last contact", ago(device.lastInformAtMs, nowMs)),
    fact("Informs", String(device.informCount)),
    fact("Waiting RPCs", String(device.pendingCount)),
    fact("Tree read", ago(device.treeReadAtMs, nowMs)),
  ];
  const content = html`<h1>${productClass} <span class="quiet">${serialNumber}</span></h1>
    ${notice(device)}
    <div class="card"><dl class="facts">${facts}</dl></div>
    ${deviceButtons(device, files)} ${printersOf(device).map(printerCard)} ${sessions(device)}
    ${rpcs(device)} ${requests(device)} ${violations(device)} ${parameters(device)}`;
  return page(`${productClass} ${serialNumber} · mfpgate test ACS`, 5, content);
}

/** The form to set one parameter. */
export function editPage(device: DeviceRecord, path: string): string {
  const known = device.parameters.get(path);
  const content = html`<h1>Set a parameter</h1>
    <form class="card" style="display:block" method="post" action="${actionUrl(device, "set")}">
      <p><label for="value">${path}</label> <span class="quiet">${known?.type}</span></p>
      <input type="hidden" name="path" value="${path}" />
      <p><input id="value" name="value" value="${known?.value}" autofocus /></p>
      <p>
        <button class="main">Set</button>
        <a href="/devices/${encodeURIComponent(device.id)}">Back</a>
      </p>
    </form>`;
  return page("Set a parameter · mfpgate test ACS", undefined, content);
}

function fact(name: string, value: string): Html {
  return html`<div>
    <dt>${name}</dt>
    <dd>${value}</dd>
  </div>`;
}

function notice({ notice: text }: DeviceRecord): Html | undefined {
  return text === "" ? undefined : html`<p class="notice">${text}</p>`;
}

function printerCard(printer: PrinterFacts): Html {
  return html`<div class="card">
    <h2 style="margin-top:0">${printer.model === "" ? printer.path : printer.model}</h2>
    <dl class="facts">
      <div>
        <dt>State</dt>
        <dd>${stateBadge(printer)}</dd>
      </div>
      <div>
        <dt>Supplies</dt>
        <dd>${printer.supplies.map(supplyLine)}</dd>
      </div>
      <div>
        <dt>Input trays</dt>
        <dd>${printer.trays.map((tray) => html`<div>${tray}</div>`)}</dd>
      </div>
      ${fact("Impressions", printer.impressions)} ${fact("Location", printer.location)}
      ${fact("Reasons", printer.stateReasons)}
    </dl>
  </div>`;
}

function sessions(device: DeviceRecord): Html {
  const newest = device.sessions.all().slice(-mostEntries).reverse();
  const rows = newest.map(
    ({ startedAtMs, endedAtMs, events, retryCount, problem }) =>
      html`<tr>
        <td>${clockTime(startedAtMs)}</td>
        <td>${events.join(", ")}</td>
        <td>${endedAtMs === undefined ? "open" : `${endedAtMs - startedAtMs} ms`}</td>
        <td>${retryCount}</td>
        <td class="bad">${problem}</td>
      </tr>`,
  );
  return html`<h2>Sessions</h2>
    ${table(["Begin", "Events", "Length", "Retry", "Problem"], rows, "None yet.")}`;
}

function rpcs(device: DeviceRecord): Html {
  const newest = device.rpcs.all().slice(-mostEntries).reverse();
  const rows = newest.map(
    ({ atMs, method, summary, durationMs, outcome, detail }) =>
      html`<tr>
        <td>${clockTime(atMs)}</td>
        <td>${method}</td>
        <td class="path">${summary}</td>
        <td>${durationMs} ms</td>
        <td class="${outcome === "response" ? "good" : "bad"}">${detail}</td>
      </tr>`,
  );
  return html`<h2>RPCs</h2>
    ${table(["Sent", "Method", "What", "Time", "Outcome"], rows, "None yet.")}`;
}

function requests(device: DeviceRecord): Html | undefined {
  const newest = device.requests.all().slice(-mostEntries).reverse();
  if (newest.length === 0) return undefined;
  const rows = newest.map(
    ({ atMs, message }) =>
      html`<tr>
        <td>${clockTime(atMs)}</td>
        <td>${requestName(message)}</td>
        <td>${"commandKey" in message ? message.commandKey : ""}</td>
        <td>${"faultCode" in message ? resultText(message) : ""}</td>
      </tr>`,
  );
  return html`<h2>Requests of the device</h2>
    ${table(["At", "Method", "CommandKey", "Result"], rows, "")}`;
}

function resultText({ faultCode, faultString }: TransferResult): string {
  return faultCode === 0 ? "done" : `${faultCode} ${faultString}`;
}

function violations(device: DeviceRecord): Html | undefined {
  const all = device.violations.all();
  if (all.length === 0) return undefined;
  const rows = all.slice(-mostEntries).map(
    (text) =>
      html`<tr>
        <td class="bad">${text}</td>
      </tr>`,
  );
  return html`<h2>Violations of the protocol</h2>
    ${table(["What"], rows, "")}`;
}

function parameters(device: DeviceRecord): Html {
  const leaves = [...device.parameters].filter(
    ([path, { writable }]) => !path.endsWith(".") || writable === true,
  );
  leaves.sort(([a], [b]) => comparePaths(a, b));
  const rows = leaves.map((entry) =>
    entry[0].endsWith(".") ? tableRow(device, entry[0]) : parameterRow(device, entry),
  );
  return html`<details open>
    <summary>${leaves.length} parameters</summary>
    ${table(["Parameter", "Value", "Type", ""], rows, "Nothing read yet.")}
  </details>`;
}

/** A table that takes rows, or a row that can be deleted. */
function tableRow(device: DeviceRecord, path: string): Html {
  const isRow = /\.\d+\.$/.test(path);
  return html`<tr>
    <td class="path">${path}</td>
    <td></td>
    <td></td>
    <td>${objectButton(device, isRow ? "delete" : "add", path)}</td>
  </tr>`;
}

function parameterRow(device: DeviceRecord, [path, known]: [string, KnownParameter]): Html {
  const link = `${actionUrl(device, "edit")}?path=${encodeURIComponent(path)}`;
  return html`<tr>
    <td class="path">${path}</td>
    <td>${known.value}</td>
    <td class="quiet">${known.type}</td>
    <td>${known.writable === true ? html`<a href="${link}">set</a>` : undefined}</td>
  </tr>`;
}
