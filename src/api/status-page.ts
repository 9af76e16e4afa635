import { escapeHtml } from "./html.ts";
import type { LocalService, PrinterSummary, SessionSummary } from "./local-service.ts";

/** The status page of the box: counts, printers, sessions. Server-rendered, no script, refreshes itself. */
export function renderStatusPage(service: LocalService): string {
  const status = service.status();
  const counts = Object.entries(status.printers).map(([state, count]) => `${count} ${state}`);
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="5">
<title>mfpgate</title><style>${style}</style></head><body>
<h1>mfpgate <small>${escapeHtml(status.version)}</small></h1>
<p>${status.ready ? "Running" : "Starting"} · printers: ${escapeHtml(counts.join(", ") || "none yet")} · ACS
<code>${escapeHtml(status.acs.url)}</code>: ${status.acs.sessions} sessions, ${status.acs.failures} failed,
${status.acs.queued} waiting · polls waiting: ${status.polling.queued}</p>
${status.acs.lastError === null ? "" : `<p class="bad">Last session error: ${escapeHtml(status.acs.lastError)}</p>`}
<h2>Printers</h2>${printerTable(service.printers())}
<h2>Sessions with the ACS</h2>${sessionTable(service.sessions())}
<p><a href="/kick">Tell the ACS that somebody is here (kick)</a></p>
</body></html>`;
}

function printerTable(printers: readonly PrinterSummary[]): string {
  const rows = printers.map((printer) =>
    row([
      `<a href="/api/v1/printers/${encodeURIComponent(printer.id)}/parameters">${escapeHtml(printer.id)}</a>`,
      escapeHtml(printer.manufacturer),
      escapeHtml(printer.model),
      escapeHtml(printer.serialNumber),
      escapeHtml(printer.host),
      `<span class="${printer.reachability === "Online" ? "good" : "bad"}">${escapeHtml(printer.reachability)}</span>`,
      escapeHtml(printer.mapping),
      escapeHtml(printer.lastContact ?? "never"),
    ]),
  );
  const head = [
    "Id",
    "Manufacturer",
    "Model",
    "Serial number",
    "Host",
    "Reachability",
    "Mapping",
    "Last contact",
  ];
  return table(head, rows);
}

function sessionTable(sessions: readonly SessionSummary[]): string {
  const rows = sessions.map((session) =>
    row([
      escapeHtml(session.endpoint),
      escapeHtml(session.lastSessionAt ?? "never"),
      escapeHtml(session.nextSessionAt ?? ""),
      String(session.sessions),
      String(session.failures),
      escapeHtml(session.pendingEvents.join(", ")),
      escapeHtml(session.lastError ?? ""),
    ]),
  );
  const head = [
    "Endpoint",
    "Last session",
    "Next",
    "Sessions",
    "Failed",
    "Pending events",
    "Last error",
  ];
  return table(head, rows);
}

function table(head: readonly string[], rows: readonly string[]): string {
  return `<table><thead><tr>${head.map((name) => `<th>${name}</th>`).join("")}</tr></thead><tbody>${rows.join("")}</tbody></table>`;
}

function row(cells: readonly string[]): string {
  return `<tr>${cells.map((cell) => `<td>${cell}</td>`).join("")}</tr>`;
}

const style = `body{font:14px/1.5 system-ui,sans-serif;margin:2rem;color:#1c2733}h1 small{font-weight:400;color:#667}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.35rem .7rem;border-bottom:1px solid #dde3e8}
th{background:#f2f5f7}.good{color:#0a7a3b}.bad{color:#b3261e}code{background:#f2f5f7;padding:0 .3rem}`;
