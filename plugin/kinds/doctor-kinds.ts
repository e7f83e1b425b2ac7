import { REPORT_SCHEMA } from "../../doctor/report/report-schema.ts";
import { closed, flag, list, maybe, number, oneOf, text } from "../../token/schema.ts";
import { kind } from "./kind.ts";

const CODE = text("Name of the rule.");
const EXPECTS = text("What a healthy context has.");

const OTHER_CONTEXT = closed("A context without a report.", {
  context: text("Its name."),
  why: text("Why there is none."),
});

/** `doctor --all-contexts`, `doctor --match` */
export const REPORT_LIST_SCHEMA = kind("DoctorReportList", "Reports on several contexts.", {
  items: list(REPORT_SCHEMA, "In the order of the kubeconfig."),
  skipped: list(OTHER_CONTEXT, "Contexts that are not for EKS."),
  notChecked: list(OTHER_CONTEXT, "Contexts that could not be checked."),
  summary: closed("How many contexts.", {
    ok: number("Healthy."),
    broken: number("Broken, and the cause is known."),
    unknown: number("Broken, and the cause is not known."),
    skipped: number("Not for EKS."),
    notChecked: number("Not checked."),
  }),
});

const FILES = list(text(), "Files of cases.");

const OTHER_FILE = closed("A file without a report.", {
  file: text("File, as it was given."),
  why: text("Why there is no report."),
});

const STEP = closed("A step.", {
  number: number("Its number, from 1."),
  cases: FILES,
  audience: oneOf(["you", "cluster-admin", "iam-admin"], "Who can run it."),
  description: text("What it does."),
  before: maybe(text("What it replaces, in words; null: not known.")),
  after: maybe(text("What is there afterward, in words.")),
  checks: list(
    closed("A check before the step.", {
      command: text("Command line that shows what the step replaces."),
      expected: maybe(text("What it must still show, in words; null: not known.")),
    }),
    "What must not have changed since the plan was made.",
  ),
  commands: list(text(), "Command lines to paste, in order."),
  text: maybe(text("A manifest to apply, or an excerpt to put into a file.")),
  unprintable: list(text(), "Why commands or text are not printed, with the values, escaped."),
  undo: list(text(), "Command lines that undo the step; none if it cannot be undone."),
  isComplete: flag("Whether --fix can apply it: false if something must be filled in or done by hand."),
  result: maybe(
    oneOf(
      ["done", "declined", "changed", "failed", "by-hand", "waiting"],
      "With --fix: what came of it. `changed`: what it replaces is no longer what it was. `waiting`: a step that it needs was not done.",
    ),
  ),
});

const PLAN = closed("What fixes all cases of one cluster.", {
  cluster: text("Name of the cluster."),
  region: text("AWS region of the cluster."),
  steps: list(STEP, "In the order in which to run them; no step takes away what another grants."),
  conflicts: list(
    closed("Cases that exclude each other.", { cases: FILES, why: text("Why they do.") }),
    "Cases for which the plan does nothing, since a person must decide.",
  ),
  left: list(
    closed("What a user does.", { cases: FILES, description: text("What to do.") }),
    "Fixes that only the users themselves can make.",
  ),
  unplanned: list(
    text(),
    "Files of cases whose cause is not known or not sure enough: the plan does nothing for them.",
  ),
  afterward: maybe(text("What users do once the plan is carried out.")),
});

/** `doctor --evidence` with several cases */
export const CASE_LIST_SCHEMA = kind(
  "DoctorCaseList",
  "Reports on several saved cases, with a plan per cluster.",
  {
    items: list(
      closed("A case.", { file: text("File, as it was given."), report: REPORT_SCHEMA }),
      "By cluster, in the order of the files.",
    ),
    plans: list(PLAN, "One per cluster."),
    skipped: list(OTHER_FILE, "Files that are no cases, or the same case again."),
    notChecked: list(OTHER_FILE, "Cases that could not be checked."),
  },
);

/** `doctor --list` */
export const RULE_LIST_SCHEMA = kind("DoctorRuleList", "The rules of the doctor.", {
  items: list(
    closed("A rule.", {
      code: CODE,
      causes: list(text(), "Rows of the catalogue that it can name."),
      expects: EXPECTS,
    }),
  ),
});

/** `explain` */
export const EXPLANATION_SCHEMA = kind("DoctorExplanation", "What a finding of the doctor means.", {
  items: list(
    closed("A row of the catalogue.", {
      row: text("Its name: `E3`."),
      cause: text("What is broken."),
      seen: text("What a person sees."),
      remedy: text("What to do about it, in general; a report's fixes have the real values."),
      rules: list(closed("A rule that can name it.", { code: CODE, expects: EXPECTS })),
    }),
  ),
});
