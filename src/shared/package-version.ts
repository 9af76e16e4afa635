import { readFileSync } from "node:fs";

/** Root of the installed package: where `mappings/`, `recordings/` and `package.json` are. */
export const packageRoot = new URL("../../", import.meta.url);

let version: string | undefined;

/** Version in package.json. */
export function packageVersion(): string {
  version ??= (
    JSON.parse(readFileSync(new URL("package.json", packageRoot), "utf8")) as { version: string }
  ).version;
  return version;
}
