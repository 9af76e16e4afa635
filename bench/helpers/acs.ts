import { once } from "node:events";
import { type IncomingMessage, type ServerResponse, createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { serve } from "../support/helper.ts";

/** What the ACS asks in each session from now on: so many GetParameterValues of these names. */
export interface AcsScript {
  readonly requests: number;
  readonly names: readonly string[];
}

/** The least an ACS can be: answers the Inform, asks what it was told to, and ends the session. Port is the answer. */
serve(async () => {
  let script: AcsScript = { requests: 0, names: [] };
  const counts = { informs: 0, answers: 0, values: 0 };
  /** Requests still to be made, by connection: an endpoint uses one for the whole session. */
  const left = new Map<Socket, number>();
  const server = createServer((request, response) => {
    readBody(request).then(
      (body) => {
        respond(response, answerTo(body, request.socket));
      },
      () => response.destroy(),
    );
  });
  const answerTo = (body: string, socket: Socket): string | undefined => {
    if (body.includes("<cwmp:Inform>")) {
      counts.informs++;
      left.set(socket, script.requests);
      return envelope(idOf(body), informResponse);
    }
    if (body.includes("<cwmp:GetParameterValuesResponse>")) {
      counts.answers++;
      counts.values += body.split("<ParameterValueStruct>").length - 1;
    }
    const requests = left.get(socket) ?? 0;
    left.set(socket, requests - 1);
    if (requests > 0) return envelope(String(requests), getParameterValues(script.names));
    left.delete(socket);
    return undefined;
  };
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    ready: { port: (server.address() as AddressInfo).port },
    answer: (question) => {
      script = question as AcsScript;
      const before = { ...counts };
      Object.assign(counts, { informs: 0, answers: 0, values: 0 });
      return Promise.resolve(before);
    },
    stop: () => {
      server.closeAllConnections();
      server.close();
      return Promise.resolve();
    },
  };
});

const informResponse = "<cwmp:InformResponse><MaxEnvelopes>1</MaxEnvelopes></cwmp:InformResponse>";

function getParameterValues(names: readonly string[]): string {
  const list = names.map((name) => `<string>${name}</string>`).join("");
  return (
    `<cwmp:GetParameterValues><ParameterNames soap-enc:arrayType="xsd:string[${names.length}]">` +
    `${list}</ParameterNames></cwmp:GetParameterValues>`
  );
}

function envelope(id: string, body: string): string {
  return (
    '<?xml version="1.0" encoding="UTF-8"?>' +
    '<soap-env:Envelope xmlns:soap-env="http://schemas.xmlsoap.org/soap/envelope/" ' +
    'xmlns:soap-enc="http://schemas.xmlsoap.org/soap/encoding/" ' +
    'xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" ' +
    'xmlns:cwmp="urn:dslforum-org:cwmp-1-2">' +
    `<soap-env:Header><cwmp:ID soap-env:mustUnderstand="1">${id}</cwmp:ID></soap-env:Header>` +
    `<soap-env:Body>${body}</soap-env:Body></soap-env:Envelope>`
  );
}

function idOf(body: string): string {
  return /<cwmp:ID[^>]*>([^<]*)</.exec(body)?.[1] ?? "";
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

/** The cookie is what real ACSs know the session by. */
function respond(response: ServerResponse, body: string | undefined): void {
  response.setHeader("Set-Cookie", "session=0123456789abcdef; HttpOnly");
  if (body === undefined) {
    response.writeHead(204).end();
    return;
  }
  const headers = {
    "Content-Type": 'text/xml; charset="utf-8"',
    "Content-Length": Buffer.byteLength(body),
  };
  response.writeHead(200, headers).end(body);
}
