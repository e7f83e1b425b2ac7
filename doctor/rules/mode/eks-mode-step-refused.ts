import { defineLegacyRule } from "../../check/legacy-rule.ts";
import { commandTarget, eksCall } from "../../derive/target/eks-call.ts";
import type { EksTarget } from "../../derive/target/eks-target.ts";
import { setMode } from "../../fixes/access-entry-actions.ts";
import { aws } from "../../fixes/aws.ts";
import type { Fix } from "../../fixes/fix.ts";

/** The modes in the only order EKS goes. Source: doctor/EKS-ACCESS.md, "Authentication mode". */
const ORDER = ["CONFIG_MAP", "API_AND_CONFIG_MAP", "API"];

const REFUSED = /Unsupported authentication mode update from (\w+) to (\w+)/;

export const eksModeStepRefused = defineLegacyRule({
  code: "eks-mode-step-refused",
  stage: "mode",
  causes: ["M3"],
  expects: "a change of the authentication mode goes one step forward",
  needs: ["symptom"],
  judge(facts) {
    const [said, from = "", to = ""] = REFUSED.exec(eksCall(facts)?.words ?? "") ?? [];
    const distance = ORDER.indexOf(to) - ORDER.indexOf(from);
    if (said === undefined || distance === 1) return [];
    const target = commandTarget(facts);
    return [
      {
        cause: "M3",
        stage: "mode",
        severity: "error",
        confidence: "certain",
        summary: `Cluster ${target.cluster} cannot go from ${from} to ${to}: ${why(distance)}.`,
        evidence: [`EKS says “${said}”.`],
        falsifiedBy: `The same command with ${from === "CONFIG_MAP" ? "API_AND_CONFIG_MAP" : "API"} is refused in the same words.`,
        fixes: [fixFor(distance, target)],
      },
    ];
  },
});

function why(distance: number): string {
  if (distance === 0) return "it is there already";
  return distance < 0 ? "there is no way back" : "it must take one step at a time";
}

function fixFor(distance: number, target: EksTarget): Fix {
  if (distance === 0) {
    return {
      audience: "cluster-admin",
      description: "Nothing is to be done; go on with what needs this mode.",
    };
  }
  if (distance < 0) {
    return {
      audience: "cluster-admin",
      description:
        "Stay in this mode, and give access by entries; only a new cluster can have the earlier one.",
      actions: [aws("eks list-access-entries", { "cluster-name": target.cluster, region: target.region })],
    };
  }
  return {
    audience: "cluster-admin",
    description:
      "Go step by step, waiting in between; before the second step every person and node needs an entry.",
    actions: [setMode(target, "API_AND_CONFIG_MAP"), setMode(target, "API")],
  };
}
