import type { DoctorEvidence, Examination, Plan } from "../../doctor/doctor.ts";
import type { OtherFile } from "./case-files.ts";

/** The results of several cases. */
export interface Batch {
  readonly clusters: readonly ClusterPlan[];
  readonly skipped: readonly OtherFile[];
  readonly notChecked: readonly OtherFile[];
}

/** A case, judged. */
export interface JudgedFile {
  readonly file: string;
  readonly examination: Examination;
}

/** The cases of one cluster, and what fixes them. */
export interface ClusterPlan {
  readonly cases: readonly JudgedFile[];
  readonly plan: Plan;
  /** With whose permissions, and by which context; undefined: without `--complete`. */
  readonly admin: Admin | undefined;
  results?: readonly StepResult[];
}

export interface Admin {
  readonly context: string;
  readonly isCurrent: boolean;
  /** What was read of the cluster. */
  readonly evidence: readonly DoctorEvidence[];
}

/** What came of a step. `by-hand`: a user must run it. `waiting`: a step that it needs was not done. */
export type StepResult = "done" | "declined" | "changed" | "failed" | "by-hand" | "waiting";
