import { createReadStream } from "node:fs";

/** The content of a file, piece by piece, telling how much of it was taken. */
export async function* countedFile(
  path: string,
  onBytes: (bytes: number) => void,
): AsyncGenerator<Buffer> {
  for await (const piece of createReadStream(path)) {
    const bytes = piece as Buffer;
    onBytes(bytes.length);
    yield bytes;
  }
}
