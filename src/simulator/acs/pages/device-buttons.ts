import type { DeviceRecord } from "../device-record.ts";
import { type Html, html } from "./html.ts";

/** Where a form does something to a device. */
export function actionUrl(device: DeviceRecord, name: string): string {
  return `/devices/${encodeURIComponent(device.id)}/${name}`;
}

/** The buttons of a device's page. */
export function deviceButtons(device: DeviceRecord, files: readonly string[]): Html {
  const button = (name: string, label: string, look: string): Html =>
    html`<form method="post" action="${actionUrl(device, name)}">
      <button class="${look}">${label}</button>
    </form> `;
  return html`<div>
      ${button("connect", "Connection request", "main")} ${button("read", "Read everything", "")}
      ${button("scheduleInform", "Inform in 10 s", "")} ${button("reboot", "Reboot", "risky")}
      ${button("factoryReset", "Factory reset", "risky")}
    </div>
    <div>${uploadForm(device)} ${downloadForm(device, files)}</div>`;
}

/** A button that adds a row to a table, or deletes a row. */
export function objectButton(device: DeviceRecord, action: "add" | "delete", path: string): Html {
  return html`<form method="post" action="${actionUrl(device, action)}">
    <input type="hidden" name="path" value="${path}" />
    <button>${action}</button>
  </form>`;
}

/** Instances as they are at the proxier and at most devices: the first of their table. */
function uploadForm(device: DeviceRecord): Html {
  return html`<form method="post" action="${actionUrl(device, "upload")}">
    <select name="fileType">
      <option>3 Vendor Configuration File 1</option>
      <option>4 Vendor Log File 1</option>
    </select>
    <input name="file" value="uploaded.txt" aria-label="Name of the file" />
    <button>Upload to the ACS</button>
  </form>`;
}

function downloadForm(device: DeviceRecord, files: readonly string[]): Html | undefined {
  if (files.length === 0) return undefined;
  return html`<form method="post" action="${actionUrl(device, "download")}">
    <select name="fileType">
      <option>3 Vendor Configuration File</option>
      <option>1 Firmware Upgrade Image</option>
    </select>
    <select name="file">
      ${files.map((name) => html`<option>${name}</option>`)}
    </select>
    <button class="risky">Download to the device</button>
  </form>`;
}
