import type { EwsEngine } from "../engine.ts";
import type { EwsSite } from "../ews-site.ts";
import { readForm, renderForm, renderPage, topics } from "../settings-page.ts";
import { type EwsAnswer, type EwsRequest, html, readFormBody } from "../web-message.ts";

const savePath = "/SaveChangesWithRestart.cgi";
/** How long the network is away after a change. */
const restartMs = 1_000;

const page = {
  path: "/Settings/Protocols/general_protocols.htm",
  title: topics.identity,
  fields: {
    "General.PrinterName": "GSI_PS_NAME",
    "General.SystemLocation": "GSI_PS_DESC",
    "General.SystemContact": "GSI_CONTACT",
  },
};

/**
 * Samsung's SyncThru of before 2012: no login, no token, and the network restarts after each change. The form is that of
 * the SCX-4623 (captured), what the printer makes of it simulated.
 */
export function samsungStyle(engine: EwsEngine): EwsSite {
  function show(request: EwsRequest): EwsAnswer {
    const hidden = { GSI_ETHERNET_RESTART: "" };
    const parts = { action: savePath, name: "networkGeneral", hidden };
    const form = renderForm(engine, request, page, { layout: "table" }, parts);
    return html(renderPage("SyncThru Web Service", engine.languageFor(request), form));
  }

  function save(request: EwsRequest): EwsAnswer {
    const { changes, missing } = readForm(engine, page, readFormBody(request), {});
    const { outcome } = missing.length > 0 ? refused : engine.apply(changes, request);
    if (outcome !== "done") return html("<script>alert('Failed to save the changes.');</script>");
    engine.restartNetwork(restartMs);
    return html("<script>alert('The network is restarting.');</script>");
  }

  return {
    routes: new Map([
      [`GET ${page.path}`, show],
      [`POST ${savePath}`, save],
    ]),
  };
}

const refused = { outcome: "refused" } as const;
