import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyMessage } from "../../../test/cwmp/any-message.ts";
import { exampleMessages, namespaceSince } from "../../../test/cwmp/messages.ts";
import { missingValidator, validateSoap } from "../../../test/cwmp/validate-soap.ts";
import { decodeEnvelope, decodeLargeEnvelope } from "./decode.ts";
import { encodeEnvelope } from "./encode.ts";
import { SoapDecodeError } from "./errors.ts";
import { type CwmpHeader, type CwmpMessage, cwmpNamespaces } from "./message.ts";
import { stripIllegal } from "./xml-text.ts";

const namespace = "urn:dslforum-org:cwmp-1-2";
const encode = (message: CwmpMessage, header: CwmpHeader = { id: "1" }): string =>
  encodeEnvelope({ namespace, header, message });
const wrap = (body: string, header = ""): string =>
  `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:c="${namespace}">` +
  `<e:Header>${header}</e:Header><e:Body>${body}</e:Body></e:Envelope>`;
const codeOf = (run: () => unknown): string => {
  try {
    run();
    return "no error";
  } catch (error) {
    if (!(error instanceof SoapDecodeError)) throw error;
    return error.code;
  }
};

describe("encodeEnvelope and decodeEnvelope", () => {
  for (const message of exampleMessages) {
    it(`carries ${message.method} unchanged`, () => {
      const decoded = decodeEnvelope(encode(message, { id: "a<b&c" }));
      expect(decoded).toEqual({ namespace, header: { id: "a<b&c" }, message });
    });
  }

  it("carries whatever a message may hold", () => {
    fc.assert(
      fc.property(anyMessage, (message) => {
        expect(decodeEnvelope(encode(message)).message).toEqual(message);
      }),
      { numRuns: 1_000 },
    );
  });

  it("carries all headers", () => {
    const header = {
      id: "7",
      holdRequests: true,
      sessionTimeoutS: 60,
      supportedVersions: "1.0,1.1,1.2",
      useVersion: "1.2",
    };
    expect(decodeEnvelope(encode({ method: "InformResponse" }, header)).header).toEqual(header);
  });

  it("carries any text that XML can carry, and drops the rest", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (value) => {
        const message: CwmpMessage = {
          method: "GetParameterValuesResponse",
          parameters: [{ path: "Device.A", type: "string", value }],
        };
        const decoded = decodeEnvelope(encode(message)).message;
        const expected = [{ path: "Device.A", type: "string", value: stripIllegal(value) }];
        expect(decoded).toMatchObject({ parameters: expected });
      }),
    );
  });

  it("strips characters illegal in XML 1.0 and lone surrogates, keeps pairs", () => {
    expect(stripIllegal("a\u0000\u0007b\uD800c\uFFFE\uDC00😀\t\n")).toBe("abc😀\t\n");
  });

  const reason = missingValidator();
  it.skipIf(reason !== undefined)(
    `makes envelopes valid by the XSDs ${reason ?? ""}`,
    () => {
      // Each once, in turn in the namespaces that have it: a call of the validator takes its time.
      const envelopes = exampleMessages.map((message, index) => {
        const since = namespaceSince.get(message.method.replace(/Response$/, "")) ?? 0;
        const possible = cwmpNamespaces.slice(since);
        return encodeEnvelope({
          namespace: possible[index % possible.length] ?? namespace,
          header: { id: "1" },
          message,
        });
      });
      const [inform] = exampleMessages;
      if (inform?.method !== "Inform") throw new Error("no Inform among the examples");
      const header = { id: "1", sessionTimeoutS: 60, supportedVersions: "1.0,1.1,1.2,1.3,1.4" };
      expect(validateSoap([...envelopes, encode(inform, header)])).toBe("");
    },
    30_000,
  );
});

describe("decodeEnvelope", () => {
  it("accepts foreign prefixes, comments, CDATA, a byte order mark and cwmp-1-N", () => {
    const xml =
      '\uFEFF\n<?xml version="1.0"?><!-- hello --><S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/">' +
      '<S:Header><q:ID xmlns:q="urn:dslforum-org:cwmp-1-4" S:mustUnderstand="1">id 1</q:ID></S:Header>' +
      '<S:Body><GetParameterNames xmlns="urn:dslforum-org:cwmp-1-4"><ParameterPath><![CDATA[Device.<&]]></ParameterPath>' +
      "<NextLevel> true </NextLevel></GetParameterNames></S:Body></S:Envelope>";
    expect(decodeEnvelope(xml)).toEqual({
      namespace: "urn:dslforum-org:cwmp-1-4",
      header: { id: "id 1" },
      message: { method: "GetParameterNames", path: "Device.<&", nextLevel: true },
    });
  });

  it("reads NextLevel 0 and 1, and an empty path", () => {
    const next = (flag: string): unknown =>
      decodeEnvelope(
        wrap(
          `<c:GetParameterNames><ParameterPath/><NextLevel>${flag}</NextLevel></c:GetParameterNames>`,
        ),
      ).message;
    expect(next("0")).toEqual({ method: "GetParameterNames", path: "", nextLevel: false });
    expect(next("1")).toEqual({ method: "GetParameterNames", path: "", nextLevel: true });
  });

  it("does not look at an empty Notification that is not to be changed", () => {
    const xml = wrap(
      "<c:SetParameterAttributes><ParameterList><SetParameterAttributesStruct><Name>Device.A</Name>" +
        "<NotificationChange>false</NotificationChange><Notification></Notification>" +
        "<AccessListChange>true</AccessListChange><AccessList><string>Subscriber</string></AccessList>" +
        "</SetParameterAttributesStruct></ParameterList></c:SetParameterAttributes>",
    );
    expect(decodeEnvelope(xml).message).toEqual({
      method: "SetParameterAttributes",
      attributes: [{ path: "Device.A", accessList: ["Subscriber"] }],
    });
  });

  it("leaves the type out when a value has no xsi:type", () => {
    const xml = wrap(
      "<c:SetParameterValues><ParameterList><ParameterValueStruct><Name>Device.A</Name><Value>1</Value>" +
        "</ParameterValueStruct></ParameterList><ParameterKey/></c:SetParameterValues>",
    );
    expect(decodeEnvelope(xml).message).toEqual({
      method: "SetParameterValues",
      parameters: [{ path: "Device.A", value: "1" }],
      parameterKey: "",
    });
  });

  it("reads a fault whose element name has two colons", () => {
    const xml =
      '<soap-env:Envelope xmlns:soap-env="http://schemas.xmlsoap.org/soap/envelope/" xmlns:cwmp="urn:dslforum-org:cwmp-1-2">' +
      '<soap-env:Header><cwmp:ID soap-env:mustUnderstand="1">x</cwmp:ID></soap-env:Header><soap-env:Body>' +
      "<soap-env:Body:Fault><faultcode>Server</faultcode><faultstring>CWMP fault</faultstring><detail><cwmp:Fault>" +
      "<FaultCode>8000</FaultCode><FaultString>Method not supported</FaultString></cwmp:Fault></detail>" +
      "</soap-env:Body:Fault></soap-env:Body></soap-env:Envelope>";
    expect(decodeEnvelope(xml).message).toEqual({
      method: "Fault",
      code: 8000,
      text: "Method not supported",
    });
  });

  it("repairs bare ampersands, but not those inside CDATA", () => {
    const xml = wrap(
      "<c:Reboot><CommandKey>a&b=1&amp;c</CommandKey></c:Reboot><x><![CDATA[&]]></x>",
    );
    expect(decodeEnvelope(xml).message).toEqual({ method: "Reboot", commandKey: "a&b=1&c" });
  });

  it("names an unknown method, and what is wrong with the arguments of a known one", () => {
    expect(decodeEnvelope(wrap("<c:X_00005E_Dance/>")).message).toEqual({
      method: "Unknown",
      requested: "X_00005E_Dance",
    });
    expect(decodeEnvelope(wrap("<c:toString/>")).message.method).toBe("Unknown");
    const key = "<ParameterKey>123456789012345678901234567890123</ParameterKey>";
    const invalid = [
      "<c:GetParameterNames><NextLevel>1</NextLevel></c:GetParameterNames>",
      "<c:GetParameterNames><ParameterPath/><NextLevel>maybe</NextLevel></c:GetParameterNames>",
      "<c:GetParameterValues/>",
      `<c:AddObject><ObjectName>Device.A.</ObjectName>${key}</c:AddObject>`,
      "<c:ScheduleInform><DelaySeconds>-1</DelaySeconds><CommandKey/></c:ScheduleInform>",
      "<c:ScheduleInform><DelaySeconds>4294967296</DelaySeconds><CommandKey/></c:ScheduleInform>",
      `<c:Kicked><Command>${"x".repeat(33)}</Command></c:Kicked>`,
      "<c:ChangeDUState><CommandKey/></c:ChangeDUState>",
      '<c:ChangeDUState><Operations type="c:DanceOpStruct"/></c:ChangeDUState>',
      `<c:RequestDownload><FileTypeArg>${"<ArgStruct/>".repeat(17)}</FileTypeArg></c:RequestDownload>`,
    ];
    for (const body of invalid) {
      expect(decodeEnvelope(wrap(body)).message.method).toBe("Invalid");
    }
  });

  it("takes the kind of a deployment unit operation from xsi:type, whatever its prefix", () => {
    const xml = wrap(
      '<c:ChangeDUState xmlns:i="http://www.w3.org/2001/XMLSchema-instance">' +
        '<Operations i:type="c:UninstallOpStruct"><UUID>not one</UUID></Operations>' +
        '<Operations i:type="UpdateOpStruct"/></c:ChangeDUState>',
    );
    expect(decodeEnvelope(xml).message).toMatchObject({
      method: "ChangeDUState",
      operations: [{ operation: "Uninstall", uuid: "not one" }, { operation: "Update" }],
      commandKey: "",
    });
  });

  it("cuts a reason for failure to what the schema allows", () => {
    const sent: CwmpMessage = {
      method: "TransferComplete",
      commandKey: "",
      faultCode: 9010,
      faultString: "x".repeat(300),
      startTime: "0001-01-01T00:00:00Z",
      completeTime: "0001-01-01T00:00:00Z",
    };
    expect(decodeEnvelope(encode(sent)).message).toEqual({
      ...sent,
      faultString: "x".repeat(256),
    });
  });

  it("reports a mandatory header it does not understand", () => {
    const xml = wrap("<c:GetRPCMethods/>", '<c:Dance e:mustUnderstand="1">1</c:Dance>');
    expect(decodeEnvelope(xml).notUnderstood).toBe("Dance");
  });

  it("refuses DOCTYPE, other documents and damage with typed errors", () => {
    expect(codeOf(() => decodeEnvelope(`<!DOCTYPE a>${wrap("<c:Reboot/>")}`))).toBe(
      "cwmp.doctype-refused",
    );
    expect(codeOf(() => decodeEnvelope("<html/>"))).toBe("cwmp.not-an-envelope");
    expect(codeOf(() => decodeEnvelope(wrap("")))).toBe("cwmp.not-an-envelope");
    expect(codeOf(() => decodeEnvelope("nonsense"))).toBe("cwmp.malformed-xml");
    expect(codeOf(() => decodeEnvelope(""))).toBe("cwmp.malformed-xml");
    expect(codeOf(() => decodeEnvelope(wrap("<c:Reboot>&unknown;</c:Reboot>").slice(0, -4)))).toBe(
      "cwmp.malformed-xml",
    );
  });

  it("holds the caps on size, depth and number of elements", async () => {
    const limits = { maxLength: 5_000, maxDepth: 8, maxElements: 50 };
    const tooLarge = "cwmp.envelope-too-large";
    expect(codeOf(() => decodeEnvelope(wrap("x".repeat(6_000)), limits))).toBe(tooLarge);
    expect(codeOf(() => decodeEnvelope(wrap("<a>".repeat(20)), limits))).toBe(tooLarge);
    expect(codeOf(() => decodeEnvelope(wrap("<a/>".repeat(60)), limits))).toBe(tooLarge);
    const huge = wrap("x".repeat(11 * 1024 * 1024));
    await expect(
      decodeLargeEnvelope(huge, { ...limits, maxLength: Number.MAX_SAFE_INTEGER }),
    ).rejects.toMatchObject({ code: tooLarge });
  });

  it("answers arbitrary damage with a typed error or a message, never with anything else", () => {
    const documents = exampleMessages.map((message) => encode(message));
    fc.assert(
      fc.property(
        fc.constantFrom(...documents),
        fc.nat(),
        fc.string({ unit: "binary", maxLength: 4 }),
        (document, position, noise) => {
          const at = position % document.length;
          const damaged = document.slice(0, at) + noise + document.slice(at + noise.length);
          expect(codeOf(() => decodeEnvelope(damaged))).toMatch(/^(cwmp\.|no error)/);
          expect(codeOf(() => decodeEnvelope(document.slice(0, at)))).toMatch(/^cwmp\./);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe("decodeLargeEnvelope", () => {
  it("reads a large document in slices to the same result", async () => {
    const paths = Array.from({ length: 5_000 }, (_, index) => `Device.Ü.${index}.Name`);
    const xml = encode({ method: "GetParameterValues", paths });
    expect(await decodeLargeEnvelope(xml)).toEqual(decodeEnvelope(xml));
    expect((await decodeLargeEnvelope(xml.replace("Ü", "&"))).message.method).toBe(
      "GetParameterValues",
    );
  });
});
