import { createAcsClient } from "../../src/cwmp/http/acs-client.ts";
import type { DeviceId } from "../../src/cwmp/endpoint-store.ts";
import type { ParameterAssignment } from "../../src/cwmp/parameter-tree.ts";
import { decodeEnvelope } from "../../src/cwmp/soap/decode.ts";
import { encodeEnvelope } from "../../src/cwmp/soap/encode.ts";
import type { CwmpMessage, DecodedEnvelope, MessageOf } from "../../src/cwmp/soap/message.ts";
import type { AcsConnection, AcsResponse } from "../../src/cwmp/transport.ts";
import { systemClock } from "../../src/shared/clock.ts";
import { forcedInformParameters } from "../../src/simulator/acs/inform-checks.ts";

/** Who a {@link TestCpe} is; `parameters` may outlive the session. */
export interface TestCpeOptions {
  readonly serialNumber?: string;
  readonly username?: string;
  readonly password?: string;
  readonly parameters?: Map<string, string>;
}

/**
 * A minimal well-behaved CPE with parameters in a map, to try the test ACS without the CWMP engine. Tests spoil its
 * behaviour message by message through `post`.
 */
export class TestCpe {
  readonly deviceId: DeviceId;
  readonly parameters: Map<string, string>;
  readonly #connection: AcsConnection;
  #id = 0;

  constructor(url: string, options: TestCpeOptions = {}) {
    const { serialNumber = "1", username = "", password = "", parameters } = options;
    this.deviceId = { manufacturer: "Acme", oui: "00005E", productClass: "Laser", serialNumber };
    this.parameters = parameters ?? new Map<string, string>();
    for (const path of forcedInformParameters) {
      if (!this.parameters.has(path)) this.parameters.set(path, "");
    }
    const client = createAcsClient({ clock: systemClock });
    this.#connection = client.connect({ url, username, password });
  }

  /** Sends one envelope; `id` defaults to a fresh one. */
  send(message: CwmpMessage, id = `cpe-${(this.#id += 1)}`): Promise<AcsResponse> {
    const namespace = "urn:dslforum-org:cwmp-1-2";
    const isInform = message.method === "Inform";
    const header = { id, ...(isInform ? { supportedVersions: "1.0,1.4" } : {}) };
    return this.post(encodeEnvelope({ namespace, header, message }));
  }

  /** Sends any body; undefined is the empty POST. */
  post(body: string | undefined): Promise<AcsResponse> {
    return this.#connection.post(body);
  }

  /** An Inform with the forced parameters and `changed` ones. */
  inform(
    events: readonly string[],
    changed: readonly ParameterAssignment[] = [],
  ): MessageOf<"Inform"> {
    const forced = forcedInformParameters.map((path) => this.#assignment(path));
    return {
      method: "Inform",
      deviceId: this.deviceId,
      events: events.map((eventCode) => ({ eventCode, commandKey: "" })),
      currentTime: "2026-01-01T00:00:00Z",
      retryCount: 0,
      parameters: [...forced, ...changed],
    };
  }

  /** A whole session: Inform, empty POST, answers until the ACS has nothing more. Returns the methods called. */
  async runSession(events: readonly string[]): Promise<readonly string[]> {
    await this.send(this.inform(events));
    const called: string[] = [];
    let reply = await this.post(undefined);
    while (reply.body !== undefined) {
      const { message, header } = decodeEnvelope(reply.body);
      called.push(message.method);
      reply = await this.send(this.answer(message), header.id);
    }
    this.close();
    return called;
  }

  /** The right answer to an RPC. */
  answer(message: DecodedEnvelope["message"]): CwmpMessage {
    switch (message.method) {
      case "GetRPCMethods":
        return { method: "GetRPCMethodsResponse", methods: ["GetRPCMethods"] };
      case "GetParameterNames":
        return { method: "GetParameterNamesResponse", names: this.#names() };
      case "GetParameterValues": {
        const parameters = message.paths.map((path) => this.#assignment(path));
        return { method: "GetParameterValuesResponse", parameters };
      }
      case "SetParameterValues":
        for (const { path, value } of message.parameters) this.parameters.set(path, value);
        return { method: "SetParameterValuesResponse", status: 0 };
      case "SetParameterAttributes":
        return { method: "SetParameterAttributesResponse" };
      case "Reboot":
        return { method: "RebootResponse" };
      default:
        return { method: "Fault", code: 9000, text: "Method not supported" };
    }
  }

  close(): void {
    this.#connection.close();
  }

  #assignment(path: string): ParameterAssignment {
    return { path, value: this.parameters.get(path) ?? "", type: "string" };
  }

  #names(): { path: string; writable: boolean }[] {
    const objects = new Set<string>();
    for (const path of this.parameters.keys()) {
      for (let dot = path.indexOf("."); dot >= 0; dot = path.indexOf(".", dot + 1)) {
        objects.add(path.slice(0, dot + 1));
      }
    }
    const all = [...objects, ...this.parameters.keys()];
    return all.map((path) => ({ path, writable: !path.endsWith(".") }));
  }
}
