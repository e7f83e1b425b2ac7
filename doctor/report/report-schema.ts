import { closed, constant, flag, list, maybe, number, oneOf, type TypeOf, text } from "../../token/schema.ts";
import { STAGES } from "../check/stages.ts";

const FIX = closed("One way to fix it.", {
  audience: oneOf(["you", "cluster-admin", "iam-admin"], "Who can run it."),
  description: text("What it does."),
  commands: list(
    text(),
    "Command lines to paste, quoted for the requested shell; none if one of them cannot be printed.",
  ),
  text: maybe(text("A manifest to apply, or an excerpt to put into a file.")),
  unprintable: list(text(), "Why commands or text are not printed, with the values, escaped."),
});

const FINDING_FIELDS = {
  cause: text("Row of the catalogue (CODES.md): `E3`."),
  code: text("Rule that found it."),
  stage: oneOf(STAGES, "Link of the chain that is broken."),
  confidence: oneOf(
    ["certain", "likely", "possible"],
    "`certain`: a field proves it and nothing contradicts it.",
  ),
  summary: text("What is broken, in one sentence."),
  evidence: list(text(), "What shows it."),
  falsifiedBy: text("What would prove it wrong."),
  fixes: list(FIX, "Ways to fix it, the best first."),
} as const;

const FINDING = closed("Something that was found.", FINDING_FIELDS);

const CAUSE = closed("A broken link.", {
  ...FINDING_FIELDS,
  explains: list(
    closed("A finding that it explains.", {
      cause: text("Its row."),
      code: text("Its rule."),
      summary: text("Its sentence."),
    }),
    "What else was found and is explained by it.",
  ),
});

const IDENTITY = closed("Who the caller is, or the other principal that the question is about.", {
  arn: maybe(text("To AWS.")),
  role: maybe(text("The role, as EKS sees it.")),
  username: maybe(text("To Kubernetes.")),
  groups: maybe(list(text(), "To Kubernetes.")),
  tokenEnds: maybe(text("When the token ends. ISO 8601.")),
});

const SUSPICION = closed(
  "A possible cause of a refusal, which could not be decided with the caller's rights.",
  {
    causes: list(
      text(),
      "Rows of the catalogue that look the same from here, and that one look can distinguish, the most common first.",
    ),
    hinted: flag("True if something points to it; false if merely nothing contradicts it."),
    summary: text("What would be broken, in one sentence."),
    hints: list(text(), "What of it can be seen."),
    audience: oneOf(["you", "cluster-admin", "iam-admin"], "Who can tell."),
    confirmedBy: text("What distinguishes it from the others."),
  },
);

const EVIDENCE_TO_FETCH = closed("A piece of evidence.", {
  part: text("Part of the bundle (EVIDENCE.md)."),
  command: text("What gives it."),
});

const LINK = closed("A link of the chain.", {
  stage: oneOf(STAGES, "Which."),
  state: oneOf(["proved", "broken", "unseen"], "`unseen`: nobody could look, or nothing got that far."),
  checks: number("How many checks of this link apply to this case."),
  looked: number("How many of them had their evidence."),
  causes: list(text(), "Rows of the catalogue that were found here."),
  missing: list(EVIDENCE_TO_FETCH, "Evidence that would decide the checks of this link that are open."),
});

const UNKNOWN = closed("Nothing explains the failure.", {
  symptom: text("How it fails."),
  said: maybe(text("What the plugin said, where that is what fails.")),
  fetchNext: list(EVIDENCE_TO_FETCH, "What to fetch next, the most telling first."),
});

const CHECKED_RULE = {
  code: text("Its name."),
  stage: oneOf(STAGES, "Link of the chain that it checks."),
  causes: list(text(), "Causes that it would have named."),
  expects: text("What a healthy context has."),
};

const CHECKED = closed("Results of the rules that found nothing.", {
  passed: list(closed("What it expects is the case.", CHECKED_RULE)),
  notApplicable: list(
    closed("What it checks does not matter in this case.", {
      ...CHECKED_RULE,
      why: text("Why not."),
    }),
  ),
  undecided: list(
    closed("What it checks could not be seen.", {
      ...CHECKED_RULE,
      missing: list(text(), "Parts of the evidence that are needed (EVIDENCE.md)."),
    }),
  ),
});

/** What `kubectl vouch doctor -o json` prints. */
export const REPORT_SCHEMA = closed("Answer of `kubectl vouch doctor`.", {
  apiVersion: constant("vouch.kubectl/v1", "Version of this format."),
  kind: constant("DoctorReport", "Kind of this document."),
  context: maybe(text("Context that was judged.")),
  cluster: maybe(text("Its cluster.")),
  tried: maybe(text("What was tried: a command, or a request such as `list pods in namespace web`.")),
  answer: maybe(
    text(
      "If access is not the problem: what the API server answered, such as `Error from server (NotFound): …`.",
    ),
  ),
  healthy: flag(
    "True when the context works and nothing is wrong with it; of another principal, when the cluster allows what was asked.",
  ),
  allowedBy: maybe(
    list(
      text(),
      "Of another principal who is allowed what was asked: the policies, bindings and groups that allow it.",
    ),
  ),
  rootCauses: list(
    CAUSE,
    "Broken links, the most important first; more than one when faults are independent.",
  ),
  suspicions: list(
    SUSPICION,
    "If no cause is found and the cluster refuses the caller: possible causes, those with hints first.",
  ),
  warnings: list(FINDING, "Faults that break nothing now."),
  unknown: maybe(UNKNOWN),
  chain: list(LINK, "How far the call gets, link by link."),
  adminMessage: maybe(
    text("A message to the cluster's administrators, if the caller cannot fix it without help."),
  ),
  checked: CHECKED,
  notSeen: list(
    closed("A part that could not be obtained.", {
      part: text("Part of the bundle."),
      reason: text("Why."),
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
