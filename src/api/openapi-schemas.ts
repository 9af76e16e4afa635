/** Text without a form. */
export const text = { type: "string" };
const value = { type: ["string", "number", "boolean"] };
const valueOrNull = { type: ["string", "number", "boolean", "null"] };
const fault = {
  type: "object",
  properties: { path: text, code: { type: ["integer", "null"] }, text },
};

/** What the answers of the local API are made of. */
export const schemas = {
  Printer: {
    type: "object",
    properties: {
      id: text,
      manufacturer: text,
      model: text,
      serialNumber: text,
      host: text,
      presentation: { enum: ["virtual", "embedded", "none"] },
      presentationFrom: { enum: ["rule", "override"] },
      reachability: { enum: ["Online", "Asleep", "Unreachable", "Retired", "Pending"] },
      mapping: text,
      lastContact: { type: ["string", "null"], format: "date-time" },
      web: {
        type: ["object", "null"],
        properties: {
          address: text,
          passwordRefusedAt: { type: ["string", "null"], format: "date-time" },
          distrustedPages: { type: "array", items: text },
          certificate: { type: ["string", "null"] },
        },
      },
      interactionSet: { type: "array", items: text },
    },
  },
  Transfer: {
    type: "object",
    properties: {
      id: { type: "integer" },
      endpoint: text,
      kind: { enum: ["Download", "Upload", "ScheduleDownload"] },
      commandKey: text,
      fileType: text,
      server: text,
      state: { enum: ["waiting", "transferring", "applying", "restarting", "reporting"] },
      attempts: { type: "integer" },
      dueAt: { type: ["string", "null"], format: "date-time" },
      startedAt: { type: ["string", "null"], format: "date-time" },
      fault: { type: ["string", "null"] },
    },
  },
  Parameter: {
    type: "object",
    properties: {
      value: { type: ["string", "number", "boolean"] },
      type: text,
      readAt: { type: ["string", "null"], format: "date-time" },
      stale: { type: "boolean" },
      source: text,
      writable: { type: "boolean" },
    },
  },
  SetOutcome: {
    type: "object",
    properties: {
      outcome: { enum: ["applied", "committed", "refused"] },
      why: text,
      code: { type: "integer" },
      text,
      faults: { type: "array", items: fault },
    },
  },
  SetPlan: {
    type: "object",
    properties: {
      changes: {
        type: "array",
        items: { type: "object", properties: { path: text, from: valueOrNull, to: value } },
      },
      steps: {
        type: "array",
        items: {
          type: "object",
          properties: {
            driver: text,
            description: text,
            paths: { type: "array", items: text },
            restarts: { enum: ["network", "printer", null] },
          },
        },
      },
      objections: { type: "array", items: fault },
    },
  },
  Audit: {
    type: "object",
    properties: {
      at: { type: "string", format: "date-time" },
      who: text,
      device: text,
      path: text,
      from: valueOrNull,
      to: valueOrNull,
      outcome: text,
    },
  },
};
