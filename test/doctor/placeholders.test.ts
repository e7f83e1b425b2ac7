import assert from "node:assert/strict";
import type { DoctorReport, ReportedFinding } from "../../doctor/report/report-schema.ts";
import { REFUSED_TO_DEVELOPERS, REFUSED_TO_THE_BLIND, seenBy } from "../support/few-rights.ts";
import { FAULTS } from "./support/faults.ts";
import { reportOn } from "./support/report-case.ts";

/** Words in capitals that a person has to replace; the rest of what looks like one belongs to AWS, Kubernetes or a shell. */
const PLACEHOLDER = /(?<![\w$%{-])[A-Z]{2,}(?:_[A-Z]+)*(?![\w-])/g;
const OTHERS =
  /^(?:API|API_AND_CONFIG_MAP|CONFIG_MAP|AWS|AWS_\w+|DISABLE|HTTPS_PROXY|JSON|KUBECONFIG|KUBERC|NODE_\w+|NO_PROXY|STANDARD|STS)$/;

/** What no evidence of these bundles can tell, and why not. By code and placeholder. */
const UNKNOWABLE: Readonly<Record<string, string>> = {
  "aws-cloud9-credentials ENVIRONMENT": "no variable has the id of the environment",
  "aws-credentials-invalid USER": "the command before it tells whose key it is",
  "aws-mfa-unanswered CODE": "it is on the person's device",
  "aws-root-caller ROLE": "an administrator chooses whom to let in",
  "eks-access-entry-exists NAME": "the name in somebody's Terraform; taken from its words where it says them",
  "eks-access-entry-principal-invalid ROLE_ARN": "IAM does not answer; the command before it asks",
  "eks-cluster-not-found PROFILE": "the cluster is not where this machine's profiles look",
  "eks-cluster-not-found REGION": "the cluster is not where this machine's profiles look",
  "eks-nobody-mapped ADMIN_ARN": "an administrator, whom somebody chooses",
  "eks-user-renamed POLICY_ARN": "the policies of the old entry; the command before it lists them",
  "eks-user-renamed SCOPE": "the policies of the old entry; the command before it lists them",
  "evidence SSO_REGION": "no profile and no other role shows where IAM Identity Center is",
  "kubeconfig-broken CLUSTER":
    "the kubeconfig cannot be read, and EKS does not answer; the command before it lists them",
  "kubeconfig-none CLUSTER":
    "there is no kubeconfig, and EKS does not answer; the command before it lists them",
  "kubeconfig-shared-user ROLE_ARN": "update-kubeconfig overwrote it",
  "network-egress-not-allowed EXISTING_CIDRS": "EKS does not answer; the command before it asks",
  "network-endpoint-private YOUR_ADDRESS": "a private endpoint is called, so nobody asked the internet",
  "network-proxy-refuses PORT": "which other proxy there is, only its administrators know",
  "network-proxy-refuses PROXY_HOST": "which other proxy there is, only its administrators know",
  "network-security-group-closed CIDR": "a network, which an administrator chooses",
  "network-security-group-closed YOUR_NETWORK": "a network, which an administrator chooses",
  "plugin-not-found PATH": "the program is on no PATH",
  "plugin-not-found TO": "the program is on no PATH",
  "policy-escalation EXISTING_GROUPS": "the entry is refused; the command before it asks",
  "policy-escalation EXISTING_USERNAME": "the entry is refused; the command before it asks",
  "suspicion PRINCIPAL_ARN": "nothing says who the caller is; another suspicion asks",
  "suspicion SSO_REGION": "no profile and no other role shows where IAM Identity Center is",
};

const VIEWS = {
  "with all rights": {},
  "as a developer": REFUSED_TO_DEVELOPERS,
  "without any right in AWS": REFUSED_TO_THE_BLIND,
};

/** `code PLACEHOLDER`, for each in the commands and texts of a report. */
function placeholdersIn(report: DoctorReport): string[] {
  const { rootCauses, warnings, suspicions, unknown } = report;
  const said = [
    ...[...rootCauses, ...warnings].flatMap((finding) =>
      textsOf(finding).map((text) => [finding.code, text]),
    ),
    ...suspicions.flatMap(({ confirmedBy }) => quoted(confirmedBy).map((text) => ["suspicion", text])),
    ...(unknown?.fetchNext ?? []).map(({ command }) => ["evidence", command]),
  ];
  return said.flatMap(([code = "", text = ""]) =>
    (text.match(PLACEHOLDER) ?? []).filter((word) => !OTHERS.test(word)).map((word) => `${code} ${word}`),
  );
}

function textsOf({ fixes, falsifiedBy }: ReportedFinding): string[] {
  return [
    ...quoted(falsifiedBy),
    ...fixes.flatMap(({ commands, text = "", description }) => [...commands, text, ...quoted(description)]),
  ];
}

/** Commands in a sentence. */
function quoted(sentence: string): string[] {
  return sentence.match(/`[^`]+`/g) ?? [];
}

describe("a placeholder in a command", () => {
  const reports = Object.values(VIEWS).flatMap((refused) =>
    FAULTS.map(({ bundle }) => ({
      bundle: seenBy(bundle, refused),
      report: reportOn(seenBy(bundle, refused)),
    })),
  );

  it("stands for what no evidence can tell, and for nothing else", () => {
    const found = new Set(reports.flatMap(({ report }) => placeholdersIn(report)));
    assert.deepEqual([...found].sort(), Object.keys(UNKNOWABLE).sort());
  });

  it("is neither a region nor a cluster that the evidence names anywhere", () => {
    for (const { bundle, report } of reports) {
      const text = JSON.stringify(bundle);
      const words = placeholdersIn(report).map((found) => found.split(" ")[1]);
      const isElsewhere = report.rootCauses.some(({ code }) => code === "eks-cluster-not-found");
      if (/eu-west-1/.test(text) && !isElsewhere) assert.ok(!words.includes("REGION"), report.cluster);
      if (/\blab\b/.test(text)) assert.ok(!words.includes("CLUSTER"), report.rootCauses[0]?.summary);
    }
  });
});
