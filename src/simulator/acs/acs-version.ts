import {
  type CwmpNamespace,
  type DecodedEnvelope,
  cwmpNamespaces,
} from "../../cwmp/soap/message.ts";

/** How the ACS deals with versions of CWMP (TR-069a6 §3.7.2.1). */
export interface AcsVersionBehaviour {
  /** Namespaces it understands; an Inform in another is refused. Default: all three. */
  readonly namespaces?: readonly CwmpNamespace[];
  /** The fault of that refusal: 8006 since CWMP 1.4, 8003 before. Default 8006. */
  readonly refusal?: 8003 | 8006;
  /** What `UseCWMPVersion` says: a version, or `none` for no header. Default: the best the CPE lists, if it lists any. */
  readonly useVersion?: string;
}

/** What an Inform comes to: the namespace of the rest of the session, or a refusal. */
export type Negotiation =
  | {
      readonly outcome: "agreed";
      readonly namespace: CwmpNamespace;
      readonly useVersion: string | undefined;
    }
  | { readonly outcome: "refused"; readonly faultCode: number };

/** Decides on the version of a session. */
export function negotiate(
  { namespace, header }: DecodedEnvelope,
  { namespaces = cwmpNamespaces, refusal = 8006, useVersion }: AcsVersionBehaviour,
): Negotiation {
  const spoken = answerNamespace(namespace);
  if (!namespaces.includes(spoken)) return { outcome: "refused", faultCode: refusal };
  const chosen = useVersion ?? bestVersion(header.supportedVersions);
  if (chosen === undefined || chosen === "none") {
    return { outcome: "agreed", namespace: spoken, useVersion: undefined };
  }
  return { outcome: "agreed", namespace: namespaceOf(chosen), useVersion: chosen };
}

/** The namespace to answer in: that of the Inform, or the newest when it was an invented one. */
export function answerNamespace(namespace: string | undefined): CwmpNamespace {
  return cwmpNamespaces.find((known) => known === namespace) ?? cwmpNamespaces[2];
}

/** Undefined when the CPE is older than 1.4 and must not be sent UseCWMPVersion. */
function bestVersion(supported: string | undefined): string | undefined {
  const versions = supported?.split(",").map((version) => version.trim()) ?? [];
  return ["1.4", "1.3", "1.2", "1.1", "1.0"].find((version) => versions.includes(version));
}

function namespaceOf(version: string): CwmpNamespace {
  if (version === "1.0") return cwmpNamespaces[0];
  return version === "1.1" ? cwmpNamespaces[1] : cwmpNamespaces[2];
}
