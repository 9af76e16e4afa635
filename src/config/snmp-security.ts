import type { SnmpAccess, SnmpV3Security } from "../southbound/driver.ts";

/** Security of an SNMP conversation, as the driver wants it. */
export type SnmpSecurity = SnmpAccess["security"];

/** A key that does not belong where it stands, relative to the keys checked; text as in `ConfigProblem`. */
export interface KeyComplaint {
  readonly path: readonly string[];
  readonly text: string;
}

/** The access the keys describe; undefined when they describe none. */
export type SecurityResult =
  { readonly security: SnmpSecurity | undefined } | { readonly complaint: KeyComplaint };

/** Keys of a version 3 user, as written. */
export interface UserKeys {
  readonly user?: string | undefined;
  readonly auth?: NonNullable<SnmpV3Security["auth"]> | undefined;
  readonly privacy?: NonNullable<SnmpV3Security["privacy"]> | undefined;
  readonly context?: string | undefined;
}

/** Keys of `credentials[].snmp`. */
export interface CredentialKeys extends UserKeys {
  readonly version: SnmpSecurity["version"];
  readonly read?: string | undefined;
  readonly write?: string | undefined;
}

/** Keys of `discovery.static[].snmp`. */
export interface StaticKeys {
  readonly version: SnmpSecurity["version"];
  readonly community?: string | undefined;
  readonly write?: string | undefined;
  readonly v3?: UserKeys | undefined;
}

const userKeyNames = ["user", "auth", "privacy", "context"] as const;

/** Checks that the keys of a credential belong to its version. */
export function credentialSecurity(keys: CredentialKeys): SecurityResult {
  if (keys.version === "3") {
    const alien = (["read", "write"] as const).find((name) => keys[name] !== undefined);
    return alien === undefined
      ? userSecurity(keys, [])
      : complain([alien], "is for versions 1 and 2c; version 3 has user, auth and privacy");
  }
  const alien = userKeyNames.find((name) => keys[name] !== undefined);
  return alien === undefined
    ? communitySecurity(keys.version, keys.read, keys.write)
    : complain([alien], "is for version 3; add version: 3 or remove it");
}

/** The own access of a static printer; none when the entry gives neither community nor user. */
export function staticSecurity({ version, community, write, v3 }: StaticKeys): SecurityResult {
  if (v3 !== undefined) {
    return community === undefined && write === undefined
      ? userSecurity(v3, ["v3"])
      : complain(["v3"], "stands beside a community; keep one of them");
  }
  if (version === "3")
    return complain(["version"], "is 3 without a user; add v3: { user: …, auth: … }");
  return community === undefined && write === undefined
    ? { security: undefined }
    : communitySecurity(version, community, write);
}

function communitySecurity(
  version: "1" | "2c",
  read: string | undefined,
  write: string | undefined,
): SecurityResult {
  const security = { version, read: read ?? "public", ...(write === undefined ? {} : { write }) };
  return { security };
}

function userSecurity(keys: UserKeys, path: readonly string[]): SecurityResult {
  const { user, auth, privacy, context } = keys;
  if (user === undefined) return complain(path, "has no user; version 3 needs a user name");
  if (privacy !== undefined && auth === undefined)
    return complain(
      [...path, "privacy"],
      "stands without auth; SNMP encrypts only what it authenticates, so add auth",
    );
  const v3: SnmpV3Security = {
    user,
    ...(auth === undefined ? {} : { auth }),
    ...(privacy === undefined ? {} : { privacy }),
    ...(context === undefined ? {} : { context }),
  };
  return { security: { version: "3", v3 } };
}

function complain(path: readonly string[], text: string): SecurityResult {
  return { complaint: { path, text } };
}
