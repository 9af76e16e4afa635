/** Something the operator should hear of once, when it happens. The text holds no secret. */
export interface EwsNotice {
  readonly kind:
    | "certificate-pinned"
    | "certificate-changed"
    | "password-refused"
    /** A page of the printer held up whoever took it apart. */
    | "page-misbehaved";
  readonly text: string;
}

/** Where notices go. */
export type EwsNoticeSink = (notice: EwsNotice) => void;
