/** What a figure has to reach. */
export type Bar = { readonly atLeast: number } | { readonly atMost: number };

/** One number a row measures. */
export interface Figure {
  readonly key: string;
  readonly what: string;
  readonly unit: string;
  /** Absent: for comparison only. */
  readonly bar?: Bar;
  /** Digits after the point. */
  readonly digits?: number;
  /** Debian package without which it cannot be measured. */
  readonly needs?: string;
}

/** One row of the benchmark. `rows/<name>.ts` measures it. */
export interface Row {
  readonly name: string;
  readonly title: string;
  readonly repetitions: number;
  readonly figures: readonly Figure[];
}

/** Values of one repetition by figure key; absent when what it needs is not installed. */
export type Measured = Readonly<Record<string, number>>;

/** What a measurement is given. */
export interface RowEnvironment {
  /** Where `mappings/`, `recordings/` and `bench/` of the project are. */
  readonly projectRoot: string;
  /** An empty folder, removed afterwards. */
  readonly scratch: string;
}

/** Measures a row once; whatever it started has ended when it settles. */
export type Measure = (environment: RowEnvironment) => Promise<Measured>;
