import type { SourceOptions } from "../aws/source-choice.ts";
import type { WriteOptions } from "../setup/undo/undo-report.ts";

/** Flags of `setup eks`. */
export interface SetupEksOptions extends SourceOptions, WriteOptions {
  readonly cluster: string | undefined;
  readonly kubeconfig: string | undefined;
  readonly contextName: string | undefined;
  readonly namespace: string | undefined;
  readonly all: boolean;
  readonly allProfiles: boolean;
  readonly describeProfile: string | undefined;
  readonly approveProcess: boolean;
  readonly match: string | undefined;
  readonly tag: readonly string[];
  readonly regions: readonly string[];
  readonly prune: boolean;
  readonly absolute: boolean;
  readonly interactive: boolean;
  readonly use: boolean;
  /** The current context is left alone, also where there is none. */
  readonly keepsCurrent?: boolean;
  readonly migrate: boolean;
  readonly inPlace: boolean;
  readonly undo: boolean;
}
