import { closed, constant, flag, list, maybe, number, oneOf, type TypeOf, text } from "../../token/schema.ts";
import { STAGES } from "../check/stages.ts";

const FIX = closed("One way to fix the cause.", {
  audience: oneOf(["you", "cluster-admin", "iam-admin"], "Who can run the fix."),
  description: text("What the fix does."),
  commands: list(
    text(),
    "Command lines to paste, quoted for the requested shell; empty if one of them cannot be printed.",
  ),
  text: maybe(text("A manifest to apply, or an excerpt to add to a file.")),
  unprintable: list(text(), "Why commands or text are not printed, with the escaped values."),
});

const PAGES = list(text(), "Web pages about the cause: kubectl-vouch's own, and one of AWS or Kubernetes.");

const FINDING_FIELDS = {
  cause: text("Cause (CODES.md): `E3`."),
  code: text("Code of the rule that found the cause."),
  stage: oneOf(STAGES, "Stage of the call that is broken."),
  confidence: oneOf(
    ["certain", "likely", "possible"],
    "`certain`: a field proves it and nothing contradicts it.",
  ),
  summary: text("What is broken, in one sentence."),
  evidence: list(text(), "Evidence for the cause."),
  falsifiedBy: text("What would disprove the cause."),
  fixes: list(FIX, "Ways to fix the cause, best first."),
  pages: PAGES,
} as const;

const FINDING = closed("A finding.", FINDING_FIELDS);

const CAUSE = closed("A broken stage of the call.", {
  ...FINDING_FIELDS,
  explains: list(
    closed("A finding that the cause explains.", {
      cause: text("Cause of the explained finding."),
      code: text("Code of the rule that found it."),
      summary: text("Summary of the explained finding."),
    }),
    "Other findings that the cause explains.",
  ),
});

const IDENTITY = closed("The caller, or the other principal that the question is about.", {
  arn: maybe(text("ARN of the AWS identity.")),
  role: maybe(text("ARN of the role, as EKS sees it.")),
  username: maybe(text("Kubernetes username.")),
  groups: maybe(list(text(), "Kubernetes groups.")),
  tokenEnds: maybe(text("When the token expires. ISO 8601.")),
});

const SUSPICION = closed(
  "A possible cause of a denial, which the caller's permissions were not sufficient to confirm.",
  {
    causes: list(
      text(),
      "Causes (CODES.md) that look the same from here and that one check can tell apart, most common first.",
    ),
    hinted: flag("True if evidence points to the cause; false if merely nothing contradicts it."),
    summary: text("What would be broken, in one sentence."),
    hints: list(text(), "Evidence that points to the cause."),
    audience: oneOf(["you", "cluster-admin", "iam-admin"], "Who can confirm the cause."),
    confirmedBy: text("Check that distinguishes this cause from the others."),
    pages: list(text(), "Web pages about the first of these causes."),
  },
);

const EVIDENCE_TO_COLLECT = closed("A piece of evidence.", {
  part: text("Part of the bundle (EVIDENCE.md)."),
  command: text("Command that prints the evidence."),
});

const LINK = closed("A stage of the call.", {
  stage: oneOf(STAGES, "Name of the stage."),
  state: oneOf(
    ["proved", "broken", "unseen"],
    "`unseen`: the stage could not be checked, or the call did not get that far.",
  ),
  checks: number("Number of checks of this stage that apply to this case."),
  looked: number("Number of these checks for which the evidence was complete."),
  causes: list(text(), "Causes that were found in this stage."),
  missing: list(EVIDENCE_TO_COLLECT, "Evidence that would decide the open checks of this stage."),
});

const UNKNOWN = closed("Present if nothing explains the failure.", {
  symptom: text("How the call fails."),
  said: maybe(text("What the plugin printed, if the plugin failed.")),
  runWhere: text("Where to run the commands that collect it."),
  fetchNext: list(EVIDENCE_TO_COLLECT, "Evidence to collect next, most significant first."),
});

const CHECKED_RULE = {
  code: text("Code of the rule."),
  stage: oneOf(STAGES, "Stage that the rule checks."),
  causes: list(text(), "Causes that the rule can find."),
  expects: text("What the rule expects of a healthy context."),
};

const CHECKED = closed("Results of the rules that found nothing.", {
  passed: list(closed("A rule that found what it expects.", CHECKED_RULE)),
  notApplicable: list(
    closed("A rule that does not apply to this case.", {
      ...CHECKED_RULE,
      why: text("Why the rule does not apply."),
    }),
  ),
  undecided: list(
    closed("A rule whose evidence was not available.", {
      ...CHECKED_RULE,
      missing: list(text(), "Parts of the evidence that the rule needs (EVIDENCE.md)."),
    }),
  ),
});

/** What `kubectl vouch doctor -o json` prints. */
export const REPORT_SCHEMA = closed("Output of `kubectl vouch doctor`.", {
  apiVersion: constant("vouch.kubectl/v1", "Version of this format."),
  kind: constant("DoctorReport", "Kind of this document."),
  context: maybe(text("Context that was checked.")),
  cluster: maybe(text("Cluster of the context.")),
  tried: maybe(text("What was tried: a command, or a request such as `list pods in namespace web`.")),
  answer: maybe(
    text(
      "If access is not the problem: what the API server answered, such as `Error from server (NotFound): …`.",
    ),
  ),
  healthy: flag(
    "True if the context works and no fault was found; for another principal, if the cluster allows the request.",
  ),
  allowedBy: maybe(
    list(
      text(),
      "Policies, bindings and groups that allow the request, if the question is about another principal who is allowed to make it, or if a request that was denied is now allowed.",
    ),
  ),
  rootCauses: list(
    CAUSE,
    "Broken stages, most important first; more than one if the faults are independent.",
  ),
  suspicions: list(
    SUSPICION,
    "Possible causes if none was found and the cluster denies the caller access; those with hints first.",
  ),
  warnings: list(FINDING, "Faults that do not break anything now."),
  unknown: maybe(UNKNOWN),
  chain: list(LINK, "How far the call gets, stage by stage."),
  adminMessage: maybe(
    text("A message to the cluster admins, if the caller cannot fix the cause without help."),
  ),
  checked: CHECKED,
  notSeen: list(
    closed("A part that could not be obtained.", {
      part: text("Part of the bundle (EVIDENCE.md)."),
      reason: text("Why it could not be obtained."),
    }),
  ),
  identity: IDENTITY,
});

/** The result of a diagnosis, for every printer. */
export type DoctorReport = TypeOf<typeof REPORT_SCHEMA>;
export type Checked = TypeOf<typeof CHECKED>;
export type ReportedFinding = TypeOf<typeof FINDING>;
export type ReportedCause = TypeOf<typeof CAUSE>;
export type ReportedSuspicion = TypeOf<typeof SUSPICION>;
export type ReportedIdentity = TypeOf<typeof IDENTITY>;

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
