/** Tests that prove a rule: a file, and how their titles or the title of a group of them begin. */
export interface Proof {
  /** Relative to the project's root. */
  readonly file: string;
  readonly titles: readonly string[];
}

/** One thing the standard demands, and how we know that it holds. */
export interface Rule {
  /** In a few words, unique within its table. */
  readonly name: string;
  /** What holds here. */
  readonly text: string;
  /** Where the standard demands it. */
  readonly clause: string;
  /** Empty: nothing proves it, and `gap` says why. */
  readonly proofs: readonly Proof[];
  /** What is missing, or why nothing is needed. */
  readonly gap?: string;
}

/** A part of the conformance page. */
export interface RuleTable {
  readonly title: string;
  readonly rules: readonly Rule[];
}

/** A proof. */
export function by(file: string, ...titles: readonly string[]): Proof {
  return { file, titles };
}

/** A rule that tests prove. */
export function rule(
  name: string,
  text: string,
  clause: string,
  ...proofs: readonly Proof[]
): Rule {
  return { name, text, clause, proofs };
}

/** A rule that nothing proves, or not wholly. */
export function gap(
  name: string,
  text: string,
  clause: string,
  why: string,
  ...proofs: readonly Proof[]
): Rule {
  return { name, text, clause, proofs, gap: why };
}
