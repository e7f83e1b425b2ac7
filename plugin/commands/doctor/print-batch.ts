import {
  type DoctorEvidence,
  type Examination,
  overviewLine,
  type Plan,
  planText,
  renderPlan,
  shortReport,
} from "../../../doctor/doctor.ts";
import { namedKubeconfig } from "../../../token/kubeconfig/kubeconfig-files.ts";
import { shown, shownLines } from "../../../token/text/printable.ts";
import type { App } from "../../app.ts";
import type { BodyOf } from "../../kinds/kinds.ts";
import { isForPrograms, printObject } from "../../terminal/output.ts";
import { textWidth } from "../../terminal/style.ts";
import type { OtherFile } from "./case-files.ts";
import type { DoctorOptions } from "./options.ts";
import { type PrintOptions, reportText, textStyle } from "./print-report.ts";

type BatchOptions = PrintOptions & Pick<DoctorOptions, "kubeconfig" | "shell">;

/** Prints a line per case and a plan per cluster, or an object for programs. */
export function printBatch(app: App, batch: Batch, options: BatchOptions): void {
  const { output } = options;
  if (isForPrograms(output)) printObject(app, output, "DoctorCaseList", caseList(batch, options));
  else if (output === "short") {
    const reports = batch.clusters.flatMap(({ cases }) => cases.map((one) => shortReport(namedReport(one))));
    app.io.out(`${reports.join("")}${otherLines(batch)}`);
  } else app.io.paint("out", asText(app, batch, options));
}

/** A report identified by its file. */
function namedReport({ file, examination: { report } }: JudgedFile) {
  const { arn, username } = report.identity;
  const who = arn ?? username;
  return { ...report, context: who === undefined ? file : `${file} (${who})` };
}

function otherLines({ skipped, notChecked }: Batch): string {
  const line = (what: string) => (other: OtherFile) =>
    `${shown(other.file)}: ${what}, ${shownLines(other.why)}\n`;
  return [...notChecked.map(line("not checked")), ...skipped.map(line("skipped"))].join("");
}

function asText(app: App, batch: Batch, options: BatchOptions): string {
  const look = textStyle(app, options.color);
  const plans = batch.clusters.map((cluster) => {
    const lines = cluster.cases.map((one) =>
      options.verbose
        ? `${shown(one.file)}\n${reportText(app, one.examination.report, options)}\n`
        : overviewLine(namedReport(one), look),
    );
    const files = cluster.cases.map(({ file }) => file);
    const plan = planText(rendered(cluster, options), files, { ...look, width: textWidth(app) });
    return `${lines.join("")}\n${plan}\n`;
  });
  const isOpen = batch.clusters.some(({ plan, admin }) => admin === undefined && plan.unplanned.length > 0);
  const more = isOpen ? "With --complete, missing evidence is read with your own permissions.\n" : "";
  return `${plans.join("")}${otherLines(batch)}${more}`;
}

function rendered({ plan, admin }: ClusterPlan, options: Pick<BatchOptions, "kubeconfig" | "shell">) {
  return renderPlan(plan, readerOf(admin, options));
}

/** Who pastes the commands: with `--complete` the one who runs this. */
export function readerOf(
  admin: ClusterPlan["admin"],
  { kubeconfig, shell }: Pick<BatchOptions, "kubeconfig" | "shell">,
) {
  if (admin === undefined) return { shell };
  return {
    shell,
    kubeconfig: namedKubeconfig(kubeconfig),
    context: admin.isCurrent ? undefined : admin.context,
  };
}

function caseList(batch: Batch, options: BatchOptions): BodyOf<"DoctorCaseList"> {
  const { clusters, skipped, notChecked } = batch;
  return {
    items: clusters.flatMap(({ cases }) =>
      cases.map(({ file, examination }) => ({ file, report: examination.report })),
    ),
    plans: clusters.map((cluster) => {
      const { steps, conflicts, left, unplanned, ...place } = rendered(cluster, options);
      const named = (cases: readonly number[]) => cases.flatMap((index) => cluster.cases[index]?.file ?? []);
      return {
        ...place,
        steps: steps.map(({ cases, checks, ...step }, index) => ({
          ...step,
          cases: named(cases),
          checks,
          result: cluster.results?.[index],
        })),
        conflicts: conflicts.map(({ cases, why }) => ({ cases: named(cases), why })),
        unplanned: named(unplanned),
        left: left.map(({ index, description }) => ({ cases: named([index]), description })),
      };
    }),
    ...{ skipped, notChecked },
  };
}

/** The results of several cases. */
export interface Batch {
  readonly clusters: readonly ClusterPlan[];
  readonly skipped: readonly OtherFile[];
  readonly notChecked: readonly OtherFile[];
}

/** A case, judged. */
interface JudgedFile {
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
