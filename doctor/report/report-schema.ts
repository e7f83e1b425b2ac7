import { STAGES } from "../check/stages.ts";
import { closed, flag, list, optional, type Schema, text } from "../evidence/schema/schema.ts";
import type { RenderedFix } from "../fixes/render-fix.ts";
import type {
  Checked,
  DoctorReport,
  ReportedCause,
  ReportedFinding,
  ReportedIdentity,
} from "./doctor-report.ts";

const FIX = closed<RenderedFix>("One way to put it right.", {
  audience: {
    type: "string",
    enum: ["you", "cluster-admin", "iam-admin"],
    description: "Who can run it.",
  },
  description: text("What it does."),
  commands: list(
    text(),
    "Command lines to paste, quoted for the shell that was asked for; none where one of them cannot be printed.",
  ),
  text: optional(text("A manifest to apply, or an excerpt to put into a file.")),
  unprintable: list(text(), "Why commands or text are not printed, with the values, escaped."),
});

const FINDING_FIELDS = {
  cause: text("Row of the catalogue (CODES.md): `E3`."),
  code: text("Rule that found it."),
  stage: { type: "string", enum: STAGES, description: "Link of the chain that is broken." },
  confidence: {
    type: "string",
    enum: ["certain", "likely", "possible"],
    description: "`certain`: a field proves it and nothing speaks against it.",
  },
  summary: text("What is broken, in one sentence."),
  evidence: list(text(), "What shows it."),
  falsifiedBy: text("What would prove it wrong."),
  fixes: list(FIX, "Ways to put it right, the best first."),
} as const;

const FINDING = closed<ReportedFinding>("Something that was found.", FINDING_FIELDS);

const CAUSE = closed<ReportedCause>("A broken link.", {
  ...FINDING_FIELDS,
  explains: list(
    closed<ReportedCause["explains"][number]>("A finding that it explains.", {
      cause: text("Its row."),
      code: text("Its rule."),
      summary: text("Its sentence."),
    }),
    "What else was found and is explained by it.",
  ),
});

const IDENTITY = closed<ReportedIdentity>("Who the caller is.", {
  arn: optional(text("To AWS.")),
  role: optional(text("The role, as EKS sees it.")),
  username: optional(text("To Kubernetes.")),
  groups: optional(list(text(), "To Kubernetes.")),
  tokenEnds: optional(text("When the token ends. ISO 8601.")),
});

const UNKNOWN = closed<NonNullable<DoctorReport["unknown"]>>("Nothing explains the failure.", {
  symptom: text("How it fails."),
  fetchNext: list(
    closed<NonNullable<DoctorReport["unknown"]>["fetchNext"][number]>("A piece of evidence.", {
      part: text("Part of the bundle (EVIDENCE.md)."),
      command: text("What gives it."),
    }),
    "What to fetch next, the most telling first.",
  ),
});

const CHECKED_RULE = {
  code: text("Its name."),
  causes: list(text(), "Causes that it would have named."),
  expects: text("What a healthy context has."),
};

const CHECKED = closed<Checked>("What became of the rules that found nothing.", {
  passed: list(closed<Checked["passed"][number]>("What it expects is so.", CHECKED_RULE)),
  notApplicable: list(
    closed<Checked["notApplicable"][number]>("What it looks at has no part in this case.", {
      ...CHECKED_RULE,
      why: text("Why not."),
    }),
  ),
  undecided: list(
    closed<Checked["undecided"][number]>("What it looks at could not be seen.", {
      ...CHECKED_RULE,
      missing: list(text(), "Parts of the evidence that are needed (EVIDENCE.md)."),
    }),
  ),
});

/** What `kubectl vouch doctor -o json` prints. */
export const REPORT_SCHEMA: Schema = closed<DoctorReport>("Answer of `kubectl vouch doctor`.", {
  apiVersion: { const: "vouch.kubectl/v1", description: "Version of this format." },
  kind: { const: "DoctorReport", description: "Kind of this document." },
  context: optional(text("Context that was judged.")),
  cluster: optional(text("Its cluster.")),
  healthy: flag("True when the context works and nothing is wrong with it."),
  rootCauses: list(
    CAUSE,
    "Broken links, the most important first; more than one when faults are independent.",
  ),
  warnings: list(FINDING, "What is odd and breaks nothing now."),
  unknown: optional(UNKNOWN),
  checked: CHECKED,
  notSeen: list(
    closed<DoctorReport["notSeen"][number]>("A part that could not be had.", {
      part: text("Part of the bundle."),
      reason: text("Why."),
    }),
  ),
  identity: IDENTITY,
});
