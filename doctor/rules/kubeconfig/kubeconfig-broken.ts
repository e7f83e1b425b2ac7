import { run } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { defineLegacyRule, type LegacyFinding } from "../../check/legacy-rule.ts";
import type { Facts } from "../../derive/facts.ts";
import { matchInError } from "../../derive/failure/pasted-error.ts";
import { failsBeforeRequest } from "../../derive/failure/startup.ts";
import { targetCluster } from "../../derive/target/target-cluster.ts";
import { aws } from "../../fixes/aws.ts";
import { kubectl } from "../../fixes/kubectl.ts";

/** kubectl's and the AWS CLI's words. Source: doctor/AWS-CREDENTIALS.md, "AWS CLI"; kubectl 1.36. */
const BROKEN =
  /error loading config file "(?<kubectl>[^"]+)"|Passing (?<aws>\S+?):\w+ is wrong type|Content not a|(?<!\S)(?<corrupt>\S+) is (?:a corrupt|not a valid) kubeconfig|(?:command must be specified|authProvider cannot be provided in combination)/;

/** A kubeconfig file that cannot be read; kubectl does nothing as long as one in its list is broken. */
export const kubeconfigBroken = defineLegacyRule({
  code: "kubeconfig-broken",
  stage: "kubeconfig",
  causes: ["K13"],
  expects: "every kubeconfig file in the list can be read",
  needs: [],
  needsOneOf: ["kubeconfig", "pastedError"],
  judge(facts) {
    const { kubeconfig, pastedError: said, symptom } = facts;
    const words = matchInError(said, BROKEN);
    if (!failsBeforeRequest(facts) || (symptom?.kind === "plugin-failed" && words === undefined)) return [];
    const broken = kubeconfig?.broken ?? [];
    const sure = broken.filter(({ kubectlRefuses }) => kubectlRefuses);
    if (sure.length > 0) {
      return sure.map(({ path, why }) =>
        finding(facts, path, [`${path}: ${why}.`, ...quoted(words?.line)], "certain"),
      );
    }
    if (words === undefined) return [];
    const { kubectl, aws, corrupt } = words.match.groups ?? {};
    const path =
      kubectl ?? aws ?? corrupt ?? broken[0]?.path ?? facts.context?.user?.path ?? "KUBECONFIG_FILE";
    const isFine = kubeconfig?.view !== undefined;
    return [finding(facts, path, quoted(words.line), isFine ? "likely" : "certain")];
  },
});

function quoted(line: string | undefined): string[] {
  return line === undefined ? [] : [`The call said: “${line}”`];
}

function finding(
  facts: Facts,
  path: string,
  evidence: string[],
  confidence: LegacyFinding["confidence"],
): LegacyFinding {
  const { name = "CLUSTER", region = "REGION" } = targetCluster(facts);
  return {
    cause: "K13",
    stage: "kubeconfig",
    severity: "error",
    confidence,
    summary: `${path} is no kubeconfig that kubectl can read.`,
    evidence,
    falsifiedBy: sentence`${kubectl("config view", { kubeconfig: path })} prints it without an error.`,
    fixes: [
      {
        audience: "you",
        description: "Fix the file in an editor; this shows where kubectl stumbles.",
        actions: [kubectl("config view", { kubeconfig: path })],
      },
      {
        audience: "you",
        description: "Or put it aside, and write the context into a new file.",
        actions: [
          run("mv", "", {}, path, `${path}.broken`),
          aws("eks update-kubeconfig", { name, region, kubeconfig: path }),
        ],
      },
    ],
  };
}
