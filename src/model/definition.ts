/** TR-106 data types the model uses. `dateTime` values are ISO 8601 in UTC with `Z`; counters are `unsignedInt` or `unsignedLong`. */
export type ParameterType =
  "string" | "int" | "unsignedInt" | "long" | "unsignedLong" | "boolean" | "dateTime";

/** A value of the model; whole numbers stay within 2^53. Lists are comma-separated strings (TR-106 §3.2.3). */
export type ModelValue = string | number | boolean;

/** TR-106 `access`. */
export type ParameterAccess = "readOnly" | "readWrite";

/** TR-106 `activeNotify`: what an ACS may do with the notification attribute. */
export type ActiveNotify = "normal" | "canDeny" | "forceEnabled" | "forceDefaultEnabled";

/** One parameter of the normalized model. */
export interface ParameterDefinition {
  readonly name: string;
  readonly type: ParameterType;
  readonly access: ParameterAccess;
  /** One sentence: meaning, special values, source clause. Goes into the DM document and `docs/data-model.md`. */
  readonly description: string;
  /** Allowed words, verbatim (MFD-FACTS §2.1); for a list, of each item. */
  readonly enumeration?: readonly string[];
  /** The string is a comma-separated list. */
  readonly list?: true;
  /** Inclusive bounds of a whole number. */
  readonly minimum?: number;
  readonly maximum?: number;
  /** Characters, of a string. */
  readonly maxLength?: number;
  readonly units?: string;
  /** Reads back as the empty string (secrets). */
  readonly hidden?: true;
  readonly activeNotify?: ActiveNotify;
}

/** One object or table of the model. */
export interface ObjectDefinition {
  /** Relative to the service object, ends with a dot; tables end with `{i}.` (`Supply.{i}.`). */
  readonly path: string;
  readonly description: string;
  /** Table only: the parameter in the parent that counts the rows (`SupplyNumberOfEntries`). */
  readonly countedBy?: string;
  readonly parameters: readonly ParameterDefinition[];
}

/** Path of the service object in every data model of the project; the row is 1 on a virtual device. */
export const serviceObject = "Device.Services.X_MFPGATE-ORG_MFP.";
