import { aws } from "../../../token/command/command.ts";
import { modeSetBy } from "../../derive/mapping/authentication-mode.ts";
import type { EksTarget } from "../../derive/target/target-cluster.ts";
import { setMode } from "../../fixes/access-entry-actions.ts";
import { type Fix, forClusterAdmin } from "../../fixes/fix.ts";
import { defineEksRefusalRule } from "../shared/eks-refusal-rule.ts";

/** The modes, in the only order in which EKS allows changes. Source: doctor/EKS-ACCESS.md, "Authentication mode". */
const ORDER = ["CONFIG_MAP", "API_AND_CONFIG_MAP", "API"];

/** Any refused change except those in this order. */
const REFUSED =
  /Unsupported authentication mode update from (?!CONFIG_MAP to API_AND_CONFIG_MAP\b|API_AND_CONFIG_MAP to API\b)(\w+) to (\w+)/;

export const eksModeStepRefused = defineEksRefusalRule({
  cause: {
    id: "M3",
    what: "The authentication mode change skips a step or goes back.",
    seen: "Unsupported authentication mode update",
    remedy:
      "Cluster admin: change the mode one step at a time; before mode API, make sure every user and node role has an access entry.",
    page: "https://docs.aws.amazon.com/eks/latest/userguide/setting-up-access-entries.html",
  },
  expects: "an authentication mode change goes one step forward",
  pattern: REFUSED,
  isWithout: ({ command }, [, , refused]) => ![undefined, refused].includes(modeSetBy(command)),
  describe({ match: [, from = "", to = ""] }, { target }) {
    const distance = ORDER.indexOf(to) - ORDER.indexOf(from);
    return {
      summary: `Cluster ${target.cluster} cannot change from ${from} to ${to}: ${why(distance)}.`,
      falsifiedBy: `The same command with ${from === "CONFIG_MAP" ? "API_AND_CONFIG_MAP" : "API"} fails with the same message.`,
      fixes: [fixFor(distance, target)],
    };
  },
});

function why(distance: number): string {
  if (distance === 0) return "it is already in that mode";
  return distance < 0 ? "the mode cannot be changed back" : "the mode must change one step at a time";
}

function fixFor(distance: number, target: EksTarget): Fix {
  if (distance === 0)
    return forClusterAdmin(
      "Do nothing: the cluster is already in this mode. Continue with the steps that need it.",
    );
  if (distance < 0) {
    return forClusterAdmin(
      "Stay in this mode and grant access with access entries; only a new cluster can use the earlier mode.",
      aws("eks list-access-entries", { "cluster-name": target.cluster, region: target.region }),
    );
  }
  return forClusterAdmin(
    "Change one step at a time and wait in between; before the second step, every user and node needs an access entry.",
    setMode(target, "API_AND_CONFIG_MAP"),
    setMode(target, "API"),
  );
}
