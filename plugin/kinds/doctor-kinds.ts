import { REPORT_SCHEMA } from "../../doctor/report/report-schema.ts";
import { closed, list, number, text } from "../../token/schema.ts";
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
      rules: list(closed("A rule that can name it.", { code: CODE, expects: EXPECTS })),
    }),
  ),
});
