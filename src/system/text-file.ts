import { type FileHandle, open } from "node:fs/promises";
import { systemCode } from "../shared/errors.ts";

/** Reads a file of the machine; undefined when there is none to be read. Not for untrusted paths. */
export type ReadText = (path: string) => Promise<string | undefined>;

/** Files of the system are small; whatever is longer is not what we take it for. */
const mostBytes = 256 * 1024;
const chunkBytes = 4 * 1024;

/** What stands for "not there": no such file, not ours to read, a process that just ended, a link without a speed. */
const absences: ReadonlySet<string> = new Set([
  "ENOENT",
  "ENOTDIR",
  "EISDIR",
  "EACCES",
  "EPERM",
  "ESRCH",
  "EINVAL",
  "ENODEV",
  "EOPNOTSUPP",
]);

/** Whether an error of the file system says that there is nothing to read, as opposed to trouble. */
export function isAbsence(error: unknown): boolean {
  return absences.has(systemCode(error));
}

/** The first 256 KiB of a file as bytes; undefined when there is none to be read. */
export async function readBytes(path: string): Promise<Buffer | undefined> {
  try {
    const file = await open(path, "r");
    try {
      return await readToEnd(file);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw error;
  }
}

/** Files below /proc have no size: they are read until they end. */
async function readToEnd(file: FileHandle): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for (let length = 0; length < mostBytes;) {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(chunkBytes), 0, chunkBytes, null);
    if (bytesRead === 0) break;
    chunks.push(buffer.subarray(0, bytesRead));
    length += bytesRead;
  }
  return Buffer.concat(chunks);
}

/** {@link readBytes} as UTF-8. */
export const readText: ReadText = async (path) => (await readBytes(path))?.toString("utf8");
