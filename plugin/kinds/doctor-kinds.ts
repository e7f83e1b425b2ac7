import { REPORT_SCHEMA } from "../../doctor/report/report-schema.ts";
import { closed, flag, list, maybe, number, oneOf, text } from "../../token/schema.ts";
import { kind } from "./kind.ts";

const CODE = text("Name of the rule.");
const EXPECTS = text("What the rule expects of a healthy context.");

const OTHER_CONTEXT = closed("A context without a report.", {
  context: text("Name of the context."),
  why: text("Why the file or context does not have a report."),
});

const DoctorReportList = kind(["doctor --all-contexts", "doctor --match"], "Reports on several contexts.", {
  items: list(REPORT_SCHEMA, "Reports, in the order of the kubeconfig."),
  skipped: list(OTHER_CONTEXT, "Contexts that are not for EKS."),
  notChecked: list(OTHER_CONTEXT, "Contexts that could not be checked."),
  summary: closed("Numbers of contexts.", {
    ok: number("Healthy."),
    broken: number("Broken, with a known cause."),
    unknown: number("Broken, with an unknown cause."),
    skipped: number("Not for EKS."),
    notChecked: number("Not checked."),
  }),
});

const FILES = list(text(), "Case files.");

const OTHER_FILE = closed("A file without a report.", {
  file: text("File, as specified on the command line."),
  why: text("Why the file or context does not have a report."),
});

const STEP = closed("A step.", {
  number: number("Number of the step, starting at 1."),
  cases: FILES,
  audience: oneOf(["you", "cluster-admin", "iam-admin"], "Who can run the step."),
  description: text("What the step does."),
  before: maybe(text("State that the step replaces, in words; null if unknown.")),
  after: maybe(text("State after the step, in words.")),
  checks: list(
    closed("A check to run before the step.", {
      command: text("Command line that shows the state that the step replaces."),
      expected: maybe(text("What the command must still show, in words; null if unknown.")),
    }),
    "What must not have changed since the plan was made.",
  ),
  commands: list(text(), "Command lines to paste, in order."),
  text: maybe(text("A manifest to apply, or an excerpt to put into a file.")),
  unprintable: list(text(), "Why commands or text are not printed, with their values escaped."),
  undo: list(text(), "Command lines that undo the step; empty if it cannot be undone."),
  isComplete: flag(
    "Whether --fix can apply the step: false if something must be filled in or done manually.",
  ),
  result: maybe(
    oneOf(
      ["done", "declined", "changed", "failed", "by-hand", "waiting"],
      "With --fix: result of the step. `changed`: the state that it replaces has changed. `waiting`: a step that it depends on was not done.",
    ),
  ),
});

const PLAN = closed("A plan that fixes all cases of one cluster.", {
  cluster: text("Name of the cluster."),
  region: text("AWS region of the cluster."),
  steps: list(STEP, "Steps, in the order in which to run them; no step revokes what another step grants."),
  conflicts: list(
    closed("Cases whose fixes conflict.", { cases: FILES, why: text("Why the fixes conflict.") }),
    "Cases that the plan does not fix, since an admin must decide.",
  ),
  left: list(
    closed("Something that a user must do.", { cases: FILES, description: text("What the user must do.") }),
    "Fixes that only the users themselves can apply.",
  ),
  unplanned: list(
    text(),
    "Files of cases whose cause is unknown or not certain enough: the plan does not fix them.",
  ),
  afterward: maybe(text("What users must do once the plan has been carried out.")),
});

const DoctorCaseList = kind(
  ["doctor --evidence DIR"],
  "Reports on several saved cases, with a plan per cluster.",
  {
    items: list(
      closed("A case.", { file: text("File, as specified on the command line."), report: REPORT_SCHEMA }),
      "Cases by cluster, in the order of the files.",
    ),
    plans: list(PLAN, "Plans, one per cluster."),
    skipped: list(OTHER_FILE, "Files that do not contain a case, or repeat one."),
    notChecked: list(OTHER_FILE, "Cases that could not be checked."),
  },
);

const DoctorRuleList = kind(["doctor --list"], "The rules of the doctor.", {
  items: list(
    closed("A rule.", {
      code: CODE,
      causes: list(text(), "Causes that the rule can find."),
      expects: EXPECTS,
    }),
  ),
});

const DoctorExplanation = kind(["explain"], "What a doctor finding means.", {
  items: list(
    closed("A cause.", {
      row: text("Code of the cause, such as `E3`."),
      cause: text("What is broken."),
      seen: text("What users see."),
      remedy: text("What to do about it, in general; the fixes in a report contain the actual values."),
      rules: list(closed("A rule that can find the cause.", { code: CODE, expects: EXPECTS })),
      pages: list(text(), "Web pages about the cause: kubectl-vouch's own, and one of AWS or Kubernetes."),
    }),
  ),
});

export const DOCTOR_KINDS = { DoctorReportList, DoctorCaseList, DoctorRuleList, DoctorExplanation };
