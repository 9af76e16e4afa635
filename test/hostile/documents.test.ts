import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BesiegedBox } from "./besieged-box.ts";
import { type Trick, http, inTurns, noContent, rawEnvelope, welcome } from "./hostile-acs.ts";

let besieged: BesiegedBox;
beforeAll(async () => {
  besieged = await BesiegedBox.open();
});
afterAll(() => besieged.close());

const mebibyte = 1024 * 1024;
const location = "Device.Services.Location";

/** Names, each used once. */
function names(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `Device.X.N${index}`);
}

function value(path: string, text: string, type = "xsd:string"): string {
  return `<ParameterValueStruct><Name>${path}</Name><Value xsi:type="${type}">${text}</Value></ParameterValueStruct>`;
}
function setValues(values: readonly string[], key = "evil"): string {
  const list = `<ParameterList>${values.join("")}</ParameterList>`;
  const keyElement = `<ParameterKey>${key}</ParameterKey>`;
  return rawEnvelope(`<cwmp:SetParameterValues>${list}${keyElement}</cwmp:SetParameterValues>`);
}
function ask(method: string, paths: readonly string[]): string {
  const list = paths.map((path) => `<string>${path}</string>`).join("");
  return rawEnvelope(`<cwmp:${method}><ParameterNames>${list}</ParameterNames></cwmp:${method}>`);
}

/** Sends `document` after the InformResponse, and ends the session after the answer to it. */
function asRequest(document: string): Trick {
  return inTurns(welcome, http(document), noContent);
}

describe("a document that cannot be read ends the session with", () => {
  const cases: readonly (readonly [string, string, () => string | Buffer])[] = [
    ["12 MiB of text", "response-too-large", () => `<a>${"x".repeat(12 * mebibyte)}</a>`],
    ["3 MiB in an envelope", "envelope-too-large", () => rawEnvelope("x".repeat(3 * mebibyte))],
    [
      "100,000 elements inside each other",
      "envelope-too-large",
      () => rawEnvelope("<a>".repeat(100_000) + "</a>".repeat(100_000)),
    ],
    [
      "300,000 elements beside each other",
      "envelope-too-large",
      () => rawEnvelope("<a/>".repeat(300_000)),
    ],
    [
      "a DOCTYPE that names a file of this box",
      "doctype-refused",
      () => `<!DOCTYPE a SYSTEM "file:///etc/passwd">${rawEnvelope("<a/>")}`,
    ],
    [
      "entities that grow a billionfold",
      "doctype-refused",
      () =>
        '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>' +
        rawEnvelope("<a>&b;</a>"),
    ],
    ["a document that never ends", "malformed-xml", () => rawEnvelope("<a>").slice(0, -40)],
    [
      "one start tag with 100,000 attributes",
      "envelope-too-large",
      () => rawEnvelope(`<a ${names(100_000).join('="urn:x:something" ')}=""/>`),
    ],
    ["a tag name of 1 MiB", "malformed-xml", () => `<${"a".repeat(mebibyte)}`],
    ["a comment that never ends", "malformed-xml", () => `<!--${"-a".repeat(mebibyte / 2)}`],
    ["2 MiB of ampersands", "malformed-xml", () => "&".repeat(2 * mebibyte - 1)],
    [
      "200,000 CDATA sections inside each other",
      "malformed-xml",
      () => rawEnvelope("&<![CDATA[".repeat(150_000)),
    ],
    ["an HTML page", "malformed-xml", () => "<html><body>Welcome<br></body></html>"],
    ["XML that is no SOAP", "not-an-envelope", () => "<config/>"],
    ["an empty SOAP body", "not-an-envelope", () => rawEnvelope("")],
    ["bytes without meaning", "malformed-xml", () => Buffer.alloc(4_096, 0xfe)],
    ["zeros", "malformed-xml", () => Buffer.alloc(100_000)],
    ["UTF-16 said to be UTF-8", "malformed-xml", () => Buffer.from(rawEnvelope("<a/>"), "utf16le")],
  ];
  for (const [what, code, make] of cases) {
    it(`${what}: ${code}`, async () => {
      const document = http(make());
      await besieged.withstands(inTurns(document), `cwmp.${code}`);
      await besieged.withstands(inTurns(welcome, document), `cwmp.${code}`);
    });
  }
});

describe("a request that asks too much or makes no sense is refused with fault", () => {
  const cases: readonly (readonly [string, number, () => string])[] = [
    ["GetParameterValues of 60,000 names", 9004, () => ask("GetParameterValues", names(60_000))],
    [
      "GetParameterValues of the whole tree 60,000 times",
      9004,
      () => ask("GetParameterValues", Array<string>(60_000).fill("Device.")),
    ],
    [
      "GetParameterAttributes of 60,000 names",
      9004,
      () => ask("GetParameterAttributes", names(60_000)),
    ],
    [
      "GetParameterValues of a name of 1 MiB",
      9005,
      () => ask("GetParameterValues", ["D".repeat(mebibyte)]),
    ],
    [
      "GetParameterNames of a path of dots",
      9005,
      () =>
        rawEnvelope(
          `<cwmp:GetParameterNames><ParameterPath>Device.${".".repeat(100_000)}</ParameterPath><NextLevel>1</NextLevel></cwmp:GetParameterNames>`,
        ),
    ],
    [
      "SetParameterValues of 15,000 names",
      9004,
      () => setValues(names(15_000).map((name) => value(name, "x"))),
    ],
    [
      "SetParameterValues of one name twice",
      9003,
      () => setValues([value(location, "a"), value(location, "b")]),
    ],
    [
      "SetParameterValues of a good and an unknown name",
      9003,
      () => setValues([value(location, "a"), value("Device.Nothing", "b")]),
    ],
    [
      "SetParameterValues of a good value and one of a wrong type",
      9003,
      () =>
        setValues([
          value("Device.DeviceInfo.ProvisioningCode", "a"),
          value(location, "1", "xsd:int"),
        ]),
    ],
    [
      "SetParameterValues of a type nobody knows",
      9003,
      () => setValues([value(location, "1", "evil:type")]),
    ],
    [
      "SetParameterValues of a good value and one of more than 64 Ki characters",
      9003,
      () =>
        setValues([
          value("Device.DeviceInfo.ProvisioningCode", "a"),
          value(location, "x".repeat(65_537)),
        ]),
    ],
    [
      "SetParameterValues with a ParameterKey that is too long",
      9003,
      () => setValues([value(location, "a")], "k".repeat(33)),
    ],
    [
      "SetParameterValues of a password of 100,000 characters",
      9003,
      () => setValues([value("Device.ManagementServer.Password", "p".repeat(100_000))]),
    ],
    [
      "SetParameterValues without a list",
      9003,
      () => rawEnvelope("<cwmp:SetParameterValues><ParameterKey/></cwmp:SetParameterValues>"),
    ],
    [
      "SetParameterAttributes with a good and an unknown name",
      9005,
      () =>
        rawEnvelope(
          `<cwmp:SetParameterAttributes><ParameterList>${[location, "Device.Nothing"]
            .map(
              (name) =>
                `<SetParameterAttributesStruct><Name>${name}</Name><NotificationChange>1</NotificationChange><Notification>2</Notification><AccessListChange>0</AccessListChange><AccessList/></SetParameterAttributesStruct>`,
            )
            .join("")}</ParameterList></cwmp:SetParameterAttributes>`,
        ),
    ],
    ["a method nobody knows", 9000, () => rawEnvelope("<cwmp:X_00005E_Explode/>")],
    ["a method of JavaScript objects", 9000, () => rawEnvelope("<cwmp:constructor/>")],
    ["a method called __proto__", 9000, () => rawEnvelope("<cwmp:__proto__/>")],
    [
      "a method name of 100,000 characters",
      9000,
      () => rawEnvelope(`<cwmp:${"a".repeat(100_000)}/>`),
    ],
  ];
  for (const [what, code, make] of cases) {
    it(`${code}: ${what}`, async () => {
      const { posts } = await besieged.withstands(asRequest(make()), undefined);
      expect(posts[2]?.body).toContain(`<cwmp:Fault><FaultCode>${code}</FaultCode>`);
      expect(posts[2]?.body.length).toBeLessThan(5_000);
    });
  }

  it("9003 for a request that changes ten thousand things at once, listing each but changing none", async () => {
    const values = names(4_000).map((name) => value(name, "x"));
    const { posts } = await besieged.withstands(
      asRequest(setValues([value(location, "a"), ...values])),
      undefined,
    );
    expect(posts[2]?.body.match(/<SetParameterValuesFault>/g)).toHaveLength(4_000);
  });
});

describe("values that are large or strange but allowed", () => {
  const restore = async (): Promise<void> => {
    const honest = await besieged.suffer(asRequest(setValues([value(location, "cellar")], "")));
    expect(honest.posts[2]?.body).toContain("<Status>0</Status>");
  };

  it("a value of 65,536 characters is written whole and read back whole", async () => {
    const text = "ä&amp;".repeat(32_768);
    const { posts, busyMs } = await besieged.suffer(
      inTurns(
        welcome,
        http(setValues([value(location, text)])),
        http(ask("GetParameterValues", [location])),
        noContent,
      ),
    );
    expect(busyMs).toBeLessThan(50);
    expect(posts[3]?.body.includes(`>${text}</Value>`)).toBe(true);
    await restore();
  });

  it("a value with markup in CDATA comes back escaped", async () => {
    const { posts } = await besieged.suffer(
      inTurns(
        welcome,
        http(setValues([value(location, "<![CDATA[</Value><x>&amp;]]>")])),
        http(ask("GetParameterValues", [location])),
        noContent,
      ),
    );
    expect(posts[3]?.body).toContain("&lt;/Value&gt;&lt;x&gt;&amp;amp;");
    await restore();
  });
});
