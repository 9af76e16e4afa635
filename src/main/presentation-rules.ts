import type { Config, PresentAs } from "../config/config.ts";
import { compileGlob } from "../mapping/glob.ts";

/** Decides by the rules of the configuration how the ACS sees a printer; the first rule that matches wins. */
export function presentAs(
  presentation: Config["presentation"],
  printer: { readonly manufacturer: string; readonly productClass: string },
): PresentAs {
  const rule = presentation.rules.find(
    ({ vendor, model }) =>
      (vendor === undefined || compileGlob(vendor).test(printer.manufacturer)) &&
      (model === undefined || compileGlob(model).test(printer.productClass)),
  );
  return rule?.as ?? presentation.default;
}
