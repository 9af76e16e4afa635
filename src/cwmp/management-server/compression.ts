import { checkOneOf } from "../value-check.ts";
import type { DefinitionGroup } from "./definition.ts";

/** TR-181i2 2.17 `Device.ManagementServer.`: compression of envelopes (TR-069a6 §3.4.7). */
export const compressionDefinitions = {
  HTTPCompression: {
    type: "string",
    initial: "Disabled",
    check: checkOneOf(["Disabled", "GZIP", "Deflate"]),
  },
  HTTPCompressionSupported: { type: "string", initial: "GZIP,Deflate" },
} as const satisfies DefinitionGroup;
