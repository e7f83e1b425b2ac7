/** A context about which there is no report, and why: `it is that of a GKE cluster`. */
export interface OtherContext {
  readonly context: string;
  readonly why: string;
}
