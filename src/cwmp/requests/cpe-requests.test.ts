import { describe, expect, it } from "vitest";
import { Box } from "../../../test/cwmp/endpoint-harness.ts";
import { LivelyTree } from "../../../test/cwmp/lively-tree.ts";
import { type Interference, envelope } from "../../../test/cwmp/scripted-acs.ts";
import { missingValidator, validateSoap } from "../../../test/cwmp/validate-soap.ts";
import type { CwmpEndpoint } from "../endpoint/endpoint.ts";
import type { CwmpMessage, DuOperation, MessageOf } from "../soap/message.ts";

const kick = { command: "update", referer: "http://box/", arg: "a=1", next: "http://box/done" };
const uuid = "01234567-89ab-cdef-0123-456789abcdef";

const operation = (changes: Partial<DuOperation>): DuOperation => ({
  operation: "Install",
  url: "",
  uuid: "",
  version: "",
  username: "",
  password: "",
  executionEnvRef: "",
  ...changes,
});
const changeUnits = (...operations: readonly DuOperation[]): CwmpMessage => ({
  method: "ChangeDUState",
  operations,
  commandKey: "units",
});

/** An ACS that lists these methods and answers each request of the CPE as told, else with its response. */
function answering(
  listed: readonly string[],
  answers: Readonly<Record<string, CwmpMessage>> = {},
): Interference {
  return (request) => {
    const method = request?.message.method;
    if (request === undefined || method === undefined || method === "Inform") return undefined;
    const answer = answers[method] ?? responseTo(method, listed);
    return answer === undefined ? undefined : envelope(answer, { id: request.header.id ?? "" });
  };
}

function responseTo(method: string, listed: readonly string[]): CwmpMessage | undefined {
  switch (method) {
    case "GetRPCMethods":
      return { method: "GetRPCMethodsResponse", methods: listed };
    case "Kicked":
      return { method: "KickedResponse", nextUrl: "http://acs.example.net/next" };
    case "RequestDownload":
      return { method: "RequestDownloadResponse" };
    case "DUStateChangeComplete":
      return { method: "DUStateChangeCompleteResponse" };
    default:
      return undefined;
  }
}

const fault = (code: number): CwmpMessage => ({ method: "Fault", code, text: "no" });
const allMethods = ["Inform", "Kicked", "RequestDownload", "DUStateChangeComplete"];
const methodsSent = (box: Box, index = -1): readonly string[] =>
  box.acs.answers(index).map(({ method }) => method);

async function started(listed = allMethods): Promise<{ box: Box; endpoint: CwmpEndpoint }> {
  const box = new Box();
  const endpoint = await box.start();
  box.acs.interfere = answering(listed);
  return { box, endpoint };
}

describe("requests of the CPE", () => {
  it("ask the ACS once what it takes before the first optional one, and remember it over a restart", async () => {
    const { box, endpoint } = await started();
    const kicked = endpoint.kick(kick);
    await box.settle();
    expect(await kicked).toBe("http://acs.example.net/next");
    expect(box.acs.events()).toEqual(["5 KICKED"]);
    expect(methodsSent(box)).toEqual(["GetRPCMethods", "Kicked"]);
    expect(box.acs.answers().at(-1)).toEqual({ method: "Kicked", ...kick });
    const again = await box.restart();
    const requested = again.requestDownload("X 00005E Fonts", [{ name: "Family", value: "Serif" }]);
    await box.settle();
    await requested;
    expect(box.acs.events()).toEqual(["9 REQUEST DOWNLOAD"]);
    expect(methodsSent(box)).toEqual(["RequestDownload"]);
  });

  it("wait for the next session, whose Inform announces them, when they arise after the Inform", async () => {
    const { box, endpoint } = await started();
    const answer = answering(allMethods);
    let kicked: Promise<string> | undefined;
    box.acs.interfere = (request, session) => {
      if (request?.message.method === "Inform") kicked ??= endpoint.kick(kick);
      return answer(request, session);
    };
    endpoint.requestSession("6 CONNECTION REQUEST");
    await box.settle();
    expect(await kicked).toBe("http://acs.example.net/next");
    expect(methodsSent(box, -2)).toEqual([]);
    expect(box.acs.events()).toEqual(["5 KICKED"]);
  });

  it("wait for the next session when they arise after the ACS got the word", async () => {
    const { box, endpoint } = await started();
    const answer = answering(allMethods);
    let kicked: Promise<string> | undefined;
    box.acs.interfere = (request, session) => {
      if (request === undefined) kicked ??= endpoint.kick(kick);
      return answer(request, session);
    };
    endpoint.requestSession("6 CONNECTION REQUEST");
    await box.settle();
    expect(await kicked).toBe("http://acs.example.net/next");
    expect(methodsSent(box, -2)).toEqual([]);
    expect(box.acs.events()).toEqual(["5 KICKED"]);
  });

  it("are not made to an ACS that does not list them", async () => {
    const { box, endpoint } = await started(["Inform", "TransferComplete"]);
    const kicked = endpoint.kick(kick);
    kicked.catch(() => undefined);
    await box.settle();
    await expect(kicked).rejects.toMatchObject({ code: "cwmp.request-unsupported" });
    expect(methodsSent(box)).toEqual(["GetRPCMethods"]);
    const sessions = box.acs.sessions.length;
    await expect(endpoint.requestDownload("1 Firmware Upgrade Image")).rejects.toMatchObject({
      code: "cwmp.request-unsupported",
    });
    await box.pass(60);
    expect(box.acs.sessions).toHaveLength(sessions);
    expect(endpoint.status().pendingEvents).toEqual([]);
  });

  it("treat an ACS without GetRPCMethods as one that lists nothing", async () => {
    const { box, endpoint } = await started();
    box.acs.interfere = answering([], { GetRPCMethods: fault(8000) });
    const kicked = endpoint.kick(kick);
    kicked.catch(() => undefined);
    await box.settle();
    await expect(kicked).rejects.toMatchObject({ code: "cwmp.request-unsupported" });
  });

  it("are asked again of an ACS at another URL", async () => {
    const { box, endpoint } = await started([]);
    const refused = endpoint.kick(kick);
    refused.catch(() => undefined);
    await box.settle();
    await endpoint.set([
      { path: "Device.ManagementServer.URL", value: "http://other.example.net/" },
    ]);
    box.acs.interfere = answering(allMethods);
    const kicked = endpoint.kick(kick);
    await box.settle();
    expect(await kicked).toBe("http://acs.example.net/next");
  });

  it("are repeated in the same session after fault 8005, at most three times", async () => {
    const { box, endpoint } = await started();
    let refusals = 2;
    const ordinary = answering(allMethods);
    box.acs.interfere = (request, session) => {
      if (request?.message.method !== "Kicked" || refusals === 0) return ordinary(request, session);
      refusals -= 1;
      return envelope(fault(8005), { id: request.header.id ?? "" });
    };
    const kicked = endpoint.kick(kick);
    await box.settle();
    await kicked;
    expect(methodsSent(box)).toEqual(["GetRPCMethods", "Kicked", "Kicked", "Kicked"]);
    refusals = 100;
    const refused = endpoint.kick(kick);
    refused.catch(() => undefined);
    await box.settle();
    await expect(refused).rejects.toMatchObject({ code: "cwmp.request-refused" });
    expect(methodsSent(box)).toEqual(["Kicked", "Kicked", "Kicked", "Kicked"]);
    expect(box.records.at(-1)?.errorCode).toBeUndefined();
  });

  it("keep their event after another fault, and are sent again in the next session only", async () => {
    const { box, endpoint } = await started();
    box.acs.interfere = answering(allMethods, { Kicked: fault(8002) });
    const refused = endpoint.kick(kick);
    refused.catch(() => undefined);
    await box.settle();
    await expect(refused).rejects.toMatchObject({ code: "cwmp.request-refused" });
    expect(methodsSent(box)).toEqual(["GetRPCMethods", "Kicked"]);
    box.acs.interfere = answering(allMethods);
    endpoint.requestSession("6 CONNECTION REQUEST");
    await box.settle();
    expect(box.acs.events()).toEqual(["5 KICKED", "6 CONNECTION REQUEST"]);
    expect(methodsSent(box)).toEqual(["Kicked"]);
    endpoint.requestSession("6 CONNECTION REQUEST");
    await box.settle();
    expect(box.acs.events()).toEqual(["6 CONNECTION REQUEST"]);
  });

  it("wait while the ACS holds requests", async () => {
    const { box, endpoint } = await started();
    const ordinary = answering(allMethods);
    let emptyPosts = 0;
    box.acs.interfere = (request, session) => {
      if (request === undefined) emptyPosts += 1;
      if (request === undefined && emptyPosts === 1) {
        return envelope({ method: "GetRPCMethods" }, { id: "held", holdRequests: false });
      }
      const isInform = request?.message.method === "Inform";
      if (!isInform) return ordinary(request, session);
      return envelope({ method: "InformResponse" }, { id: "1", holdRequests: true });
    };
    const kicked = endpoint.kick(kick);
    await box.settle();
    await kicked;
    const order = box.acs.sessions.at(-1)?.posts.map((post) => post?.message.method ?? "empty");
    expect(order).toEqual([
      "Inform",
      "empty",
      "GetRPCMethodsResponse",
      "GetRPCMethods",
      "Kicked",
      "empty",
    ]);
  });

  it("refuse arguments longer than the schema, and more than a few at a time", async () => {
    const { box, endpoint } = await started();
    const long = { code: "cwmp.invalid-argument" };
    await expect(endpoint.kick({ ...kick, arg: "x".repeat(257) })).rejects.toMatchObject(long);
    await expect(endpoint.requestDownload("x".repeat(65))).rejects.toMatchObject(long);
    box.acs.interfere = () => new Error("away");
    const asked = Array.from({ length: 9 }, () => endpoint.kick(kick));
    const last = asked.pop();
    for (const waiting of asked) waiting.catch(() => undefined);
    await expect(last).rejects.toMatchObject({ code: "cwmp.too-many-requests" });
  });
});

describe("ChangeDUState", () => {
  const resultsOf = (box: Box): MessageOf<"DUStateChangeComplete"> => {
    const told = box.acs.answers().find(({ method }) => method === "DUStateChangeComplete");
    if (told?.method !== "DUStateChangeComplete") throw new Error("nothing was told");
    return told;
  };

  it("is answered, and each operation told failed with its own fault in a session of its own", async () => {
    const { box, endpoint } = await started();
    box.acs.requests.push(
      changeUnits(
        operation({ url: "http://files.example.net/unit" }),
        operation({ url: "http://files.example.net/unit", executionEnvRef: "Device.X.1." }),
        operation({ url: "gopher://files.example.net/unit" }),
        operation({ url: "http://files.example.net/unit", uuid: "nonsense" }),
        operation({ operation: "Update", uuid, version: "2" }),
        operation({ operation: "Uninstall", uuid }),
        operation({ operation: "Uninstall", uuid: "nonsense" }),
      ),
    );
    endpoint.requestSession("6 CONNECTION REQUEST");
    await box.settle();
    expect(methodsSent(box, -2)).toEqual(["ChangeDUStateResponse"]);
    expect(box.acs.events()).toEqual(["11 DU STATE CHANGE COMPLETE", "M ChangeDUState units"]);
    const { results, commandKey } = resultsOf(box);
    expect(commandKey).toBe("units");
    expect(results.map(({ faultCode }) => faultCode)).toEqual([
      9001, 9023, 9013, 9022, 9028, 9028, 9022,
    ]);
    expect(results[4]).toMatchObject({ uuid, version: "2", currentState: "Failed" });
    endpoint.requestSession("6 CONNECTION REQUEST");
    await box.settle();
    expect(box.acs.events()).toEqual(["6 CONNECTION REQUEST"]);
  });

  it("tells the results until they are answered, over restarts", async () => {
    const { box, endpoint } = await started();
    box.acs.interfere = (request) => {
      const isTold = request?.message.method === "DUStateChangeComplete";
      return isTold ? new Error("cut") : answering(allMethods)(request, {} as never);
    };
    await box.ask(endpoint, changeUnits(operation({ operation: "Uninstall", uuid })));
    expect(methodsSent(box)).toContain("DUStateChangeComplete");
    await box.restart();
    expect(box.acs.events()).toEqual(["11 DU STATE CHANGE COMPLETE", "M ChangeDUState units"]);
    box.acs.interfere = answering(allMethods);
    await box.restart();
    expect(box.acs.events()).toEqual(["11 DU STATE CHANGE COMPLETE", "M ChangeDUState units"]);
    expect(resultsOf(box).results).toHaveLength(1);
    const sessions = box.acs.sessions.length;
    await box.restart();
    expect(box.acs.sessions).toHaveLength(sessions);
  });

  it("waits with the results while the ACS speaks a version older than 1.2", async () => {
    const { box, endpoint } = await started();
    const older =
      (version: string): Interference =>
      (request, session) => {
        const isInform = request?.message.method === "Inform";
        const informed = envelope({ method: "InformResponse" }, { id: "1", useVersion: version });
        return isInform ? informed : answering(allMethods)(request, session);
      };
    box.acs.interfere = older("1.1");
    await box.ask(endpoint, changeUnits(operation({ operation: "Uninstall", uuid })));
    expect(box.acs.events()).toContain("11 DU STATE CHANGE COMPLETE");
    expect(methodsSent(box)).toEqual([]);
    box.acs.interfere = older("1.2");
    endpoint.requestSession("6 CONNECTION REQUEST");
    await box.settle();
    expect(resultsOf(box).results).toHaveLength(1);
  });

  it("tells new results after a FactoryReset, not those the reset took", async () => {
    const box = new Box();
    const endpoint = await box.start({ actions: { factoryReset: () => Promise.resolve() } });
    box.acs.interfere = answering(allMethods, { DUStateChangeComplete: fault(8002) });
    await box.ask(endpoint, changeUnits(operation({ operation: "Uninstall", uuid })));
    await box.ask(endpoint, { method: "FactoryReset" });
    const other = uuid.replace("01234567", "76543210");
    await box.ask(endpoint, changeUnits(operation({ operation: "Uninstall", uuid: other })));
    expect(resultsOf(box).results).toMatchObject([{ uuid: other }]);
  });

  it("refuses more operations than it takes, and more requests than it can report, with 9004", async () => {
    const { box, endpoint } = await started();
    const one = operation({ operation: "Uninstall", uuid });
    const tooMany = Array.from({ length: 17 }, () => one);
    expect(await box.ask(endpoint, changeUnits(...tooMany))).toMatchObject([{ code: 9004 }]);
    const requests = Array.from({ length: 17 }, () => changeUnits(one));
    box.acs.requests.push(...requests);
    endpoint.requestSession("6 CONNECTION REQUEST");
    await box.settle();
    expect(box.acs.answers(-2).at(-1)).toMatchObject({ method: "Fault", code: 9004 });
  });

  const reason = missingValidator();
  it.skipIf(reason !== undefined)(
    `and all requests make valid envelopes ${reason ?? ""}`,
    async () => {
      const { box, endpoint } = await started();
      const kicked = endpoint.kick(kick);
      const requested = endpoint.requestDownload("1 Firmware Upgrade Image");
      await box.ask(endpoint, changeUnits(operation({ uuid: "nonsense" })));
      await Promise.all([kicked, requested]);
      expect(box.acs.envelopes.length).toBeGreaterThan(6);
      expect(validateSoap(box.acs.envelopes)).toBe("");
    },
    30_000,
  );
});

describe("events of the device itself", () => {
  it("open a session each, also those that arise during one", async () => {
    const box = new Box();
    const tree = new LivelyTree();
    await box.start({ tree });
    expect(tree.sessionsEnded).toBe(1);
    tree.happen("8 DIAGNOSTICS COMPLETE");
    await box.settle();
    expect(box.acs.events()).toEqual(["8 DIAGNOSTICS COMPLETE"]);
    let isFirst = true;
    box.acs.interfere = () => {
      if (isFirst) {
        tree.happen("8 DIAGNOSTICS COMPLETE");
        tree.happen("13 WAKEUP");
      }
      isFirst = false;
      return undefined;
    };
    tree.happen("13 WAKEUP");
    await box.settle();
    expect(box.acs.events(-2)).toEqual(["13 WAKEUP"]);
    expect(box.acs.events()).toEqual(["13 WAKEUP", "8 DIAGNOSTICS COMPLETE"]);
    expect(tree.sessionsEnded).toBe(4);
  });
});
