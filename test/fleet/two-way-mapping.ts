import type {
  EvaluatedParameter,
  Evaluation,
  MappedAssignment,
  PlannedWrite,
  PrinterIdentity,
} from "../../src/mapping/evaluation.ts";
import type { ModelValue } from "../../src/model/definition.ts";
import type { PollClass } from "../../src/model/snapshot.ts";
import type { DocumentRead } from "../../src/southbound/documents.ts";
import type { RawAnswers, ReadPlan } from "../../src/southbound/driver.ts";
import { SimpleMapping } from "./simple-mapping.ts";

/** One setting on a page of its own: `GET` shows the form, `POST` takes it. */
interface Page {
  readonly template: string;
  readonly path: string;
  readonly field: string;
}

export const dnsServer: Page = {
  template: "Network.DNS.PrimaryServer",
  path: "/dns",
  field: "primary",
};
export const mailServer: Page = {
  template: "Network.SMTP.ServerAddress",
  path: "/mail",
  field: "server",
};
const pages: readonly Page[] = [dnsServer, mailServer];

/** What of the mapping is another than usual. */
export interface TwoWayOptions {
  readonly version?: string;
  /** The printer has no agent: who it is stands on a page. */
  readonly hasOnlyPages?: boolean;
  /** What writing the mail server brings down. */
  readonly restarts?: "network" | "printer";
}

/** `SimpleMapping` with two settings more, each on a page of the printer's web server. */
export class TwoWayMapping extends SimpleMapping {
  override readonly writable = new Set([
    "General.SystemLocation",
    "General.OwnerContact",
    ...pages.map(({ template }) => template),
  ]);
  readonly #options: TwoWayOptions;

  constructor(options: TwoWayOptions = {}) {
    super(options.version);
    this.#options = options;
  }

  override readPlan(classes: readonly PollClass[]): ReadPlan {
    const plan = super.readPlan(classes);
    const settings = classes.includes("settings") ? pages.map(documentOf) : [];
    const identity = classes.includes("identity") ? [aboutPage] : [];
    return { ...plan, documents: [...identity, ...settings] };
  }

  override identity(answers: RawAnswers): PrinterIdentity {
    if (this.#options.hasOnlyPages !== true) return super.identity(answers);
    const found = answers.documents?.values("/about", "serial");
    const serialNumber = typeof found === "object" ? found[0] : undefined;
    return {
      manufacturer: "Acme",
      oui: "0017C8",
      productClass: "Acme Laser 500",
      ...(serialNumber === undefined ? {} : { serialNumber }),
    };
  }

  override evaluate(
    answers: RawAnswers,
    classes: readonly PollClass[],
    options?: { readonly provenance?: boolean },
  ): Evaluation {
    const { parameters, tables } = super.evaluate(answers, classes, options);
    const found = classes.includes("settings")
      ? pages.flatMap((page) => evaluatePage(page, answers))
      : [];
    const untold = pages.filter((page) => isUntold(page, answers)).map(({ template }) => template);
    return { parameters: [...parameters, ...found], tables, untold: new Set(untold) };
  }

  override credentialFor(template: string): "snmp" | undefined {
    return isOnPage(template) ? undefined : super.credentialFor(template);
  }

  override writePlan(assignments: readonly MappedAssignment[]): readonly PlannedWrite[] {
    const numbered = assignments.map((assignment, position) => ({ assignment, position }));
    const bySnmp = numbered.filter(({ assignment }) => !isOnPage(assignment.template));
    const sets = bySnmp.length === 0 ? [] : super.writePlan(bySnmp.map((one) => one.assignment));
    return [
      ...sets.map((step) => ({
        ...step,
        covers: step.covers.flatMap((n) => bySnmp[n]?.position ?? []),
      })),
      ...pages.flatMap((page) => this.#stepOf(page, numbered)),
    ];
  }

  #stepOf(
    { template, path, field }: Page,
    numbered: readonly { readonly assignment: MappedAssignment; readonly position: number }[],
  ): readonly PlannedWrite[] {
    const wanted = numbered.find(({ assignment }) => assignment.template === template);
    if (wanted === undefined) return [];
    const value = String(wanted.assignment.value);
    return [
      {
        covers: [wanted.position],
        write: {
          driver: "ews",
          write: {
            needsLogin: false,
            profile: undefined,
            steps: [
              {
                kind: "form",
                page: path,
                fields: [{ at: { name: field }, set: { value } }],
                success: { body: "Saved" },
                busy: [{ body: "Somebody else" }],
                failure: [{ body: "Invalid" }],
              },
            ],
          },
        },
        description: `form ${path}: ${field}`,
        restarts: template === mailServer.template ? this.#options.restarts : undefined,
        isUnreadable: false,
      },
    ];
  }
}

const aboutPage: DocumentRead = {
  channel: "ews",
  name: "/about",
  request: { path: "/about" },
  format: "html",
  extractions: [{ kind: "values", key: "serial", selector: { css: "#serial" } }],
};

function isOnPage(template: string): boolean {
  return pages.some((page) => page.template === template);
}

function documentOf({ path, field }: Page): DocumentRead {
  return {
    channel: "ews",
    name: path,
    request: { path },
    format: "html",
    extractions: [{ kind: "values", key: field, selector: { field } }],
  };
}

/** The page could not be read just now; what it told before holds. */
function isUntold({ path, field }: Page, { documents }: RawAnswers): boolean {
  const found = documents?.values(path, field);
  return found === "timeout" || found === "locked" || found === "distrusted";
}

function evaluatePage({ template, path, field }: Page, answers: RawAnswers): EvaluatedParameter[] {
  const found = answers.documents?.values(path, field);
  const value: ModelValue | undefined = typeof found === "object" ? found[0] : undefined;
  return value === undefined ? [] : [{ template, rowKey: undefined, value, pollClass: "settings" }];
}
