import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type {
  AppliedFile,
  AppliedVerdict,
  CollectedFile,
  DownloadedFile,
  TransferTarget,
} from "../../src/cwmp/parameter-tree.ts";
import { TransferError } from "../../src/cwmp/transfers/transfer-error.ts";

/** A device that takes `3 Vendor Configuration File` and gives `4 Vendor Log File 1`. */
export class FileTarget implements TransferTarget {
  /** Contents applied, in order. */
  readonly applied: string[] = [];
  /** What an upload gives. */
  log = "a log";
  needsRestart = false;
  /** What `judge` says; undefined: throws. */
  verdict: AppliedVerdict | undefined = "inForce";
  /** Called before a file is applied; may throw or never settle. */
  onApply: (content: string) => Promise<void> = () => Promise.resolve();

  refusalOfDownload: TransferTarget["refusalOfDownload"] = ({ fileType }) =>
    fileType === "3 Vendor Configuration File"
      ? undefined
      : { code: 9010, text: `${fileType} is not taken here` };

  refusalOfUpload: TransferTarget["refusalOfUpload"] = (fileType) =>
    fileType === "4 Vendor Log File 1"
      ? undefined
      : { code: 9011, text: `${fileType} is not given here` };

  async apply({ path }: DownloadedFile): Promise<AppliedFile> {
    const content = await readFile(path, "utf8");
    await this.onApply(content);
    this.applied.push(content);
    return { needsRestart: this.needsRestart };
  }

  judge(): Promise<AppliedVerdict> {
    if (this.verdict === undefined)
      return Promise.reject(new TransferError(9018, "rolled back to what was before"));
    return Promise.resolve(this.verdict);
  }

  async collect(_fileType: string, folder: string): Promise<CollectedFile> {
    const path = join(folder, "log");
    await writeFile(path, this.log);
    return { path, contentType: "text/plain" };
  }
}
