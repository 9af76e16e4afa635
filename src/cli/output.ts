/** Where a command's result goes. Results are standard output, everything else standard error. */
export interface Output {
  /** `--json`: one JSON document (or one per line where the command says so). */
  readonly isJson: boolean;
  line(text: string): void;
  json(value: unknown): void;
  table(head: readonly string[], rows: readonly (readonly string[])[]): void;
  /** Notes for people while a command runs; silent with `--json` and when standard error is no terminal. */
  progress(text: string): void;
}

/** The process's own output. */
export function createOutput(isJson: boolean): Output {
  const line = (text: string): void => {
    process.stdout.write(`${text}\n`);
  };
  return {
    isJson,
    line,
    json: (value) => {
      line(JSON.stringify(value));
    },
    table: (head, rows) => {
      for (const text of formatTable(head, rows)) line(text);
    },
    progress: (text) => {
      if (!isJson && process.stderr.isTTY) process.stderr.write(`${text}\n`);
    },
  };
}

/**
 * Longer cells are cut with an ellipsis so that the columns stay where they are. Never cut are the first column, which
 * names the row, the last, and a single row: somebody wants to read that value.
 */
const widestCell = 60;

/** Lines of a left-aligned table. Control characters are shown as spaces: printer strings must not move the cursor. */
function formatTable(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const cells = [head, ...rows].map((row) =>
    row.map((cell, column) => {
      const isWhole = column === 0 || column === head.length - 1 || rows.length === 1;
      return isWhole ? printable(cell) : cut(printable(cell));
    }),
  );
  const widths = head.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  return cells.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}

function printable(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are exactly what is replaced
  return text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, " ");
}

function cut(text: string): string {
  return text.length > widestCell ? `${text.slice(0, widestCell - 1)}…` : text;
}

/** "12 s", "3 min", "5 h", "2 d" since `iso`; "never" without one. */
export function ago(iso: string | null, nowMs: number): string {
  if (iso === null) return "never";
  const seconds = Math.max(0, Math.round((nowMs - Date.parse(iso)) / 1000));
  if (seconds < 120) return `${seconds} s ago`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min ago`;
  if (seconds < 172_800) return `${Math.round(seconds / 3600)} h ago`;
  return `${Math.round(seconds / 86_400)} d ago`;
}
