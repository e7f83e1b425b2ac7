/** A context about which there is no report, and why: `it is that of a GKE cluster`. */
export interface OtherContext {
  readonly context: string;
  readonly why: string;
}

/** Contexts without a report: those that were skipped, and those that could not be checked. */
export interface OtherContexts {
  readonly skipped?: readonly OtherContext[];
  readonly notChecked?: readonly OtherContext[];
}
