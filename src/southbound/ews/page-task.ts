import type { ProxierError } from "../../shared/errors.ts";
import type { DocumentRead } from "../documents.ts";
import { decodeDocument, documentCharset } from "../extract/charset.ts";
import { NoOptionError } from "../extract/extract-error.ts";
import { type ExtractedDocument, extractDocument } from "../extract/extract.ts";
import { type FilledForm, type FormWish, fillForm } from "../extract/form.ts";
import type { RawDocument } from "../extract/raw-document.ts";

/** Work on one page, here or in a worker thread; plain data. `name` is for messages. */
export type PageTask =
  | {
      readonly kind: "extract";
      readonly name: string;
      readonly raw: RawDocument;
      readonly read: Pick<DocumentRead, "format" | "extractions">;
    }
  | {
      readonly kind: "fill";
      readonly name: string;
      readonly raw: RawDocument;
      readonly wish: FormWish;
    };

/** A filled form with the character set its page is in, and so is to be sent in. */
export interface FilledPage extends FilledForm {
  readonly charset: string;
}

/** What came of a {@link PageTask}. */
export type PageResult =
  | { readonly kind: "extracted"; readonly extracted: ExtractedDocument }
  | { readonly kind: "filled"; readonly form: FilledPage };

/** Why a task could not be done; crosses threads, which errors do not whole. */
export interface PageFailure {
  readonly kind: "failed";
  /** Of the {@link ProxierError}. */
  readonly code: string;
  readonly message: string;
  /** Which field of a form cannot be set so. */
  readonly field?: number;
}

/** A failure as plain data. */
export function toPageFailure(error: ProxierError): PageFailure {
  const { code, message } = error;
  const field = error instanceof NoOptionError ? { field: error.position } : {};
  return { kind: "failed", code, message, ...field };
}

/** Does the work. Pure. @throws {ExtractError} */
export function runPageTask(task: PageTask): PageResult {
  if (task.kind === "extract")
    return { kind: "extracted", extracted: extractDocument(task.raw, task.read) };
  const form = fillForm(decodeDocument(task.raw), task.wish);
  return { kind: "filled", form: { ...form, charset: documentCharset(task.raw) } };
}
