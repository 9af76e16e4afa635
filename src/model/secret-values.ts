import { registerSecret } from "../shared/redact.ts";
import type { ModelValue } from "./definition.ts";
import { parameterAt, toTemplate } from "./model.ts";

/** Everybody knows the usual community; blanked out, the word would be missing everywhere. */
const usualCommunity = "public";

/** Tells the redactor values of parameters that read back empty, wherever they came from: the ACS, or the disk. */
export function registerSecretValues(
  writes: readonly { readonly path: string; readonly value: ModelValue }[],
): void {
  for (const { path, value } of writes) {
    const isHidden = parameterAt(toTemplate(path) ?? "")?.hidden === true;
    if (isHidden && value !== usualCommunity) registerSecret(String(value));
  }
}
