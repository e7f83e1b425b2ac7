/**
 * An entry of a kubeconfig (`contexts`, `lab-vouch`), its new current context or the former one that was removed
 * (`current-context`, `lab-vouch`), or a profile or session of an AWS config (`profile`, `vouch`; `sso-session`, `acme`).
 */
export interface ChangedEntry {
  readonly section: string;
  readonly name: string;
}

/** A file as it is and as it will be. */
export interface FileChange {
  readonly kind: "kubeconfig" | "aws-config";
  /** Absolute. */
  readonly path: string;
  /** Undefined when the file does not exist yet. */
  readonly before: string | undefined;
  /** Undefined when the file is removed. */
  readonly after: string | undefined;
  /** Everything that changes in it. */
  readonly entries: readonly ChangedEntry[];
}
