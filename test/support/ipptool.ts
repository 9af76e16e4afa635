import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Printer attributes as CUPS writes them (`Hall 3`, `high`, `{media-size={…} media-type=labels}`) by their names. */
export type IppAttributes = Readonly<Record<string, string>>;

/**
 * Asks a printer for attributes with the `ipptool` of CUPS, so that what our drivers did is confirmed by a stranger.
 * Attributes the printer does not have are absent; lists are joined by commas.
 */
export async function readIppAttributes(
  uri: string,
  names: readonly string[],
): Promise<IppAttributes> {
  const folder = mkdtempSync(join(tmpdir(), "mfpgate-ipptool-"));
  const file = join(folder, "attributes.test");
  writeFileSync(file, requestFor(names));
  try {
    return parseReport(await run(["-tv", "-T", "5", uri, file]));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function requestFor(names: readonly string[]): string {
  return `{
    OPERATION Get-Printer-Attributes
    GROUP operation-attributes-tag
    ATTR charset attributes-charset utf-8
    ATTR naturalLanguage attributes-natural-language en
    ATTR uri printer-uri $uri
    ATTR keyword requested-attributes ${names.join(",")}
  }\n`;
}

async function run(words: readonly string[]): Promise<string> {
  const child = spawn("ipptool", words, { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
  });
  await once(child, "close");
  return text;
}

/** The report repeats the request before the answer, which begins with the status. */
function parseReport(report: string): IppAttributes {
  const [, answer] = report.split("status-code = ");
  if (answer === undefined) throw new Error(`ipptool got no answer: ${report}`);
  const lines = answer.matchAll(/^ {8}([a-z0-9-]+) \([^)]+\) = (.*)$/gm);
  return Object.fromEntries(
    Array.from(lines, ([, name = "", value = ""]): [string, string] => [name, value]),
  );
}
