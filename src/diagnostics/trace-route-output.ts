/** One hop as the program `traceroute` told it. */
export interface TracedHop {
  /** Address of the last answer; empty when nobody answered. */
  readonly address: string;
  /** One per try; undefined where no answer came. */
  readonly timesMs: readonly (number | undefined)[];
  /** ICMP code of a "destination unreachable"; undefined for an answer without one. */
  readonly unreachableCode: number | undefined;
}

/** The marks traceroute puts after a time, as codes of ICMP type 3 (RFC 792, RFC 1812). */
const codes: Readonly<Record<string, number>> = {
  "!N": 0,
  "!H": 1,
  "!P": 2,
  "!F": 4,
  "!S": 5,
  "!X": 13,
  "!V": 14,
  "!C": 15,
};

const hopLine = /^ *\d+  ?(\S.*)$/;

/** Reads the output of `traceroute -n`; lines that are no hop are passed over. */
export function readTraceRouteOutput(output: string): readonly TracedHop[] {
  return output.split("\n").flatMap((line) => {
    const said = hopLine.exec(line)?.[1];
    return said === undefined ? [] : [readHop(said.trim().split(/\s+/))];
  });
}

function readHop(words: readonly string[]): TracedHop {
  let address = "";
  let unreachableCode: number | undefined;
  const timesMs: (number | undefined)[] = [];
  words.forEach((word, index) => {
    if (word === "*") timesMs.push(undefined);
    else if (word === "ms") timesMs.push(Number(words[index - 1]));
    else if (word.startsWith("!")) unreachableCode = codeOf(word);
    else if (words[index + 1] !== "ms") address = word;
  });
  return { address, timesMs, unreachableCode };
}

/** `!<13>` is the way of all codes without a letter. */
function codeOf(mark: string): number {
  return codes[mark.slice(0, 2)] ?? Number(/\d+/.exec(mark)?.[0] ?? 0);
}
