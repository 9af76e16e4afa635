/** A compiled glob: `*` any text, `?` one character, case does not matter. Linear in the text. */
export interface Glob {
  readonly source: string;
  readonly test: (text: string) => boolean;
  /** Characters that are not wild: how much the pattern says. */
  readonly literalCharacters: number;
}

/** Compiles a glob. */
export function compileGlob(source: string): Glob {
  const pattern = source.toLowerCase();
  return {
    source,
    literalCharacters: pattern.replace(/[*?]/g, "").length,
    test: (text) => matches(pattern, text.toLowerCase()),
  };
}

/** Greedy matching with one remembered star: at most pattern × text steps, in practice linear. */
function matches(pattern: string, text: string): boolean {
  let p = 0;
  let t = 0;
  let star = -1;
  let resume = 0;
  while (t < text.length) {
    if (p < pattern.length && pattern[p] === "*") {
      star = p++;
      resume = t;
    } else if (p < pattern.length && (pattern[p] === "?" || pattern[p] === text[t])) {
      p += 1;
      t += 1;
    } else if (star >= 0) {
      p = star + 1;
      t = ++resume;
    } else return false;
  }
  while (pattern[p] === "*") p += 1;
  return p === pattern.length;
}

/** A glob for object identifiers: `….9.*` also fits `….9` itself. */
export function compileOidGlob(source: string): Glob {
  const glob = compileGlob(source);
  if (!source.endsWith(".*")) return glob;
  const bare = compileGlob(source.slice(0, -2));
  return { ...glob, test: (text) => glob.test(text) || bare.test(text) };
}
