import {
  type DestinationStream,
  type Logger as PinoLogger,
  destination,
  pino,
  stdTimeFunctions,
} from "pino";
import { redact } from "./redact.ts";

/** Structured fields of a log line; `device` on every line about a printer, `session` on every CWMP line. */
export type LogFields = Readonly<Record<string, unknown>>;

/** A facility's logger. Messages are constants; values go into `fields`, lazily where they cost something. */
export interface Logger {
  error(message: string, fields?: LogFields | (() => LogFields)): void;
  warn(message: string, fields?: LogFields | (() => LogFields)): void;
  info(message: string, fields?: LogFields | (() => LogFields)): void;
  debug(message: string, fields?: LogFields | (() => LogFields)): void;
  trace(message: string, fields?: LogFields | (() => LogFields)): void;
}

/** Gravest first. */
export type LogLevel = "error" | "warn" | "info" | "debug" | "trace";

/** Where lines go and how they look. `stderr` keeps standard output free for a command's own result. */
export interface LogOptions {
  readonly level: LogLevel | "silent";
  readonly format: "json" | "text";
  readonly sink?: { write(line: string): void };
  /** Gets every line as well. */
  readonly copy?: { write(line: string): void };
}

let root: PinoLogger = pino({ level: "silent" });

/** Sets level and format for every logger, also those created before. */
export function configureLog(options: LogOptions): void {
  const sink = options.sink ?? destination({ dest: 2, sync: true });
  const stream: DestinationStream = {
    write: (line) => {
      const text = redact(options.format === "text" ? asText(line) : line);
      sink.write(text);
      options.copy?.write(text);
    },
  };
  root = pino(
    {
      level: options.level,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { error: serializeError },
    },
    stream,
  );
}

/** The logger of `facility`, which equals the path of its file (`cwmp.session`). */
export function logger(facility: string): Logger {
  const at =
    (level: LogLevel) =>
    (message: string, fields?: LogFields | (() => LogFields)): void => {
      if (!root.isLevelEnabled(level)) return;
      root[level]({ facility, ...(typeof fields === "function" ? fields() : fields) }, message);
    };
  return {
    error: at("error"),
    warn: at("warn"),
    info: at("info"),
    debug: at("debug"),
    trace: at("trace"),
  };
}

function serializeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const code = "code" in error ? error.code : undefined;
  const cause = error.cause === undefined ? undefined : serializeError(error.cause);
  return { message: error.message, code, cause, stack: error.stack };
}

function asText(line: string): string {
  const { time, level, facility, msg, ...rest } = JSON.parse(line) as Record<string, unknown>;
  const fields = Object.entries(rest).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  return (
    `${String(time)} ${String(level)} ${String(facility)}: ${String(msg)} ${fields.join(" ")}`.trimEnd() +
    "\n"
  );
}
