import fc from "fast-check";
import type { CwmpMessage, MessageOf } from "../../src/cwmp/soap/message.ts";
import { stripIllegal } from "../../src/cwmp/soap/xml-text.ts";

/** Any text XML can carry, of at most so many UTF-16 units. */
function text(maxLength: number): fc.Arbitrary<string> {
  return fc.string({ unit: "binary", maxLength: Math.floor(maxLength / 2) }).map(stripIllegal);
}

/** Text around which blanks are layout. */
function word(maxLength: number): fc.Arbitrary<string> {
  return text(maxLength).map((value) => value.trim());
}

const unsignedInt = fc.integer({ min: 0, max: 0xffff_ffff });
const commandKey = text(32);
const path = word(256);
const status = fc.constantFrom<0 | 1>(0, 1);
const time = fc.constantFrom("0001-01-01T00:00:00Z", "2026-01-01T00:00:00Z");
const state = fc.constantFrom<1 | 2 | 3>(1, 2, 3);
const valueType = fc.constantFrom("string", "int", "unsignedInt", "boolean", "dateTime", "base64");
const parameters = fc.array(
  fc.record({ path, value: text(64), type: valueType }, { requiredKeys: ["path", "value"] }),
  { maxLength: 4 },
);
const source = {
  commandKey,
  fileType: text(64),
  url: word(256),
  username: text(256),
  password: text(256),
};
const file = { fileSize: unsignedInt, targetFileName: text(256) };
const result = {
  faultCode: unsignedInt,
  faultString: text(256),
  startTime: time,
  completeTime: time,
};
const operationName = fc.constantFrom<"Install" | "Update" | "Uninstall">(
  "Install",
  "Update",
  "Uninstall",
);
const currentState = fc.constantFrom<"Installed" | "Uninstalled" | "Failed">(
  "Installed",
  "Uninstalled",
  "Failed",
);
const none = fc.constant("");
const unit = {
  uuid: word(36),
  deploymentUnitRef: text(256),
  version: text(32),
  currentState,
  resolved: fc.boolean(),
  executionUnitRefList: text(256),
  ...result,
};
const credentials = { uuid: word(36), username: text(256), password: text(256) };
const duOperation = fc.oneof(
  fc.record({
    operation: fc.constant("Install" as const),
    ...credentials,
    url: word(1024),
    executionEnvRef: word(256),
    version: none,
  }),
  fc.record({
    operation: fc.constant("Update" as const),
    ...credentials,
    url: word(1024),
    version: text(32),
    executionEnvRef: none,
  }),
  fc.record({
    operation: fc.constant("Uninstall" as const),
    uuid: word(36),
    version: text(32),
    executionEnvRef: word(256),
    url: none,
    username: none,
    password: none,
  }),
);
const window = fc.record({
  startS: unsignedInt,
  endS: unsignedInt,
  mode: text(64),
  userMessage: text(256),
  maxRetries: fc.integer({ min: -0x8000_0000, max: 0x7fff_ffff }),
});

function method<Method extends CwmpMessage["method"]>(name: Method): fc.Arbitrary<Method> {
  return fc.constant(name);
}

/** Any message that carries arguments, within the bounds of the schema. */
export const anyMessage: fc.Arbitrary<CwmpMessage> = fc.oneof(
  fc.record({
    method: method("Inform"),
    deviceId: fc.record({
      manufacturer: text(64),
      oui: text(6),
      productClass: text(64),
      serialNumber: text(64),
    }),
    events: fc.array(fc.record({ eventCode: text(64), commandKey }), { maxLength: 4 }),
    currentTime: time,
    retryCount: unsignedInt,
    parameters,
  }),
  fc.record({ method: method("GetRPCMethodsResponse"), methods: fc.array(word(64)) }),
  fc.record({ method: method("GetParameterNames"), path, nextLevel: fc.boolean() }),
  fc.record({
    method: method("GetParameterNamesResponse"),
    names: fc.array(fc.record({ path, writable: fc.boolean() })),
  }),
  fc.record({ method: method("GetParameterValuesResponse"), parameters }),
  fc.record({ method: method("SetParameterValues"), parameters, parameterKey: text(32) }),
  fc.record({
    method: method("SetParameterAttributes"),
    attributes: fc.array(
      fc.record(
        { path, notification: fc.nat(6), accessList: fc.array(word(64)) },
        { requiredKeys: ["path"] },
      ),
    ),
  }),
  fc.record({ method: method("AddObject"), path, parameterKey: text(32) }),
  fc.record({ method: method("AddObjectResponse"), instanceNumber: unsignedInt, status }),
  fc.record({ method: method("ScheduleInform"), delaySeconds: unsignedInt, commandKey }),
  fc.record({
    method: method("Download"),
    ...source,
    ...file,
    delaySeconds: unsignedInt,
    successUrl: text(256),
    failureUrl: text(256),
  }),
  fc.record({
    method: method("DownloadResponse"),
    status,
    startTime: time,
    completeTime: time,
  }),
  fc.record({ method: method("Upload"), ...source, delaySeconds: unsignedInt }),
  fc.record({
    method: method("ScheduleDownload"),
    ...source,
    ...file,
    windows: fc.array(window, { minLength: 1, maxLength: 2 }),
  }),
  fc.record({
    method: method("GetQueuedTransfersResponse"),
    transfers: fc.array(fc.record({ commandKey, state }), { maxLength: 16 }),
  }),
  fc.record({
    method: method("GetAllQueuedTransfersResponse"),
    transfers: fc.array(
      fc.record({ commandKey, state, isDownload: fc.boolean(), fileType: text(64), ...file }),
      { maxLength: 16 },
    ),
  }),
  fc.record({ method: method("TransferComplete"), commandKey, ...result }),
  fc.record({
    method: method("AutonomousTransferComplete"),
    announceUrl: text(1024),
    transferUrl: text(1024),
    isDownload: fc.boolean(),
    fileType: text(64),
    ...file,
    ...result,
  }),
  fc.record({
    method: method("RequestDownload"),
    fileType: text(64),
    fileTypeArguments: fc.array(fc.record({ name: text(64), value: text(256) }), { maxLength: 16 }),
  }),
  fc.record({
    method: method("Kicked"),
    command: text(32),
    referer: text(64),
    arg: text(256),
    next: text(1024),
  }),
  fc.record({ method: method("KickedResponse"), nextUrl: text(1024) }),
  fc.record({
    method: method("ChangeDUState"),
    operations: fc.array(duOperation, { minLength: 1, maxLength: 4 }),
    commandKey,
  }),
  fc.record({
    method: method("DUStateChangeComplete"),
    results: fc.array(fc.record(unit), { minLength: 1, maxLength: 4 }),
    commandKey,
  }),
  fc.record({
    method: method("AutonomousDUStateChangeComplete"),
    results: fc.array(fc.record({ ...unit, operation: operationName }), {
      minLength: 1,
      maxLength: 4,
    }),
  }),
  fault(),
);

function fault(): fc.Arbitrary<MessageOf<"Fault">> {
  const code = fc.nat(99_999);
  return fc.record(
    {
      method: method("Fault"),
      code,
      text: text(256),
      parameters: fc.array(fc.record({ path, code, text: text(64) }), {
        minLength: 1,
        maxLength: 4,
      }),
    },
    { requiredKeys: ["method", "code", "text"] },
  );
}
