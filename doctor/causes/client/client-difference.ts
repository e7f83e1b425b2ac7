import { runPerSystem } from "../../../token/command/command.ts";
import { findAll } from "../../../token/command/tasks.ts";
import { defineRule, doesNotApply, found, passed } from "../../check/rule.ts";
import { describeWorkingWay, differencesOf, type WorkingWay } from "../../derive/client/working-ways.ts";
import type { Facts } from "../../derive/facts.ts";
import { acceptsToken } from "../../derive/failure/symptom.ts";
import { knownValue } from "../../evidence/evidence.ts";
import { forYou } from "../../fixes/fix.ts";
import { NOT_REFUSED, OTHER_PRINCIPAL } from "../shared/not-applicable.ts";

/** Variables whose values may differ between clients on the same machine. */
const VARIABLES = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "KUBECONFIG", "KUBERC"];

/**
 * The cause of such reports is not settled (kubernetes/kubectl#1799), so the fix is to remove differences. If it works in another
 * way with the same identity, the differences are known.
 */
export const clientDifference = defineRule({
  cause: {
    id: "T9",
    what: "One client fails but another works with the same token: their environments differ.",
    seen: "kubectl fails, but curl works",
    remedy: "Compare both clients: program, arguments, request headers; remove one difference at a time.",
  },
  expects: "the client gets the same response as other clients with the same identity",
  needs: ["symptom", "pastedError"],
  check({ symptom }, seen) {
    if (symptom.kind !== "unauthorized") return NOT_REFUSED;
    if (seen.isOtherPrincipal) return OTHER_PRINCIPAL;
    const way = seen.workingWays.find(({ isSameIdentity }) => isSameIdentity === true);
    const differences = way === undefined ? [] : differencesFrom(way, seen.evidence);
    if (way !== undefined && differences.length > 0)
      return found({
        confidence: "likely",
        inferred: true,
        describe: (facts) => describe(facts, [describeWorkingWay(way), ...differences]),
      });
    const { name } = seen.client ?? KUBECTL;
    if (name !== KUBECTL.name) return doesNotApply(`the client is ${name}`);
    if (!acceptsToken(seen.evidence) || knownValue(seen.evidence.token) === undefined) return passed;
    return found({ confidence: "possible", inferred: true, describe: (facts) => describe(facts) });
  },
});

const CALL = "kubectl get --raw /api -v=8";

const KUBECTL = { name: "kubectl" };

function differencesFrom(way: WorkingWay, evidence: Facts["evidence"]): string[] {
  return differencesOf(way, {
    client: knownValue(evidence.client),
    environment: knownValue(evidence.environment),
    kubeconfig: knownValue(evidence.kubeconfig),
  });
}

/** `shown`: how it works, and what differs there. */
function describe({ evidence, client }: Facts, shown?: readonly string[]) {
  const { name } = client ?? KUBECTL;
  const env = knownValue(evidence.environment) ?? {};
  const kuberc = knownValue(evidence.kubeconfig)?.kuberc;
  return {
    summary:
      shown === undefined
        ? `${name} gets a 401, but a plain request with the plugin's token works: something differs between the two.`
        : `${name} gets a 401, but the same identity works elsewhere: something differs between the two.`,
    evidence: [
      `${name} reported that it is not authorized.`,
      ...(shown ?? [
        "The API server returns 200 for the plugin's token.",
        ...VARIABLES.map((variable) => (env[variable] ?? "") !== "" && `${variable} is set.`),
        kuberc && `${kuberc.path} exists.`,
      ]),
    ],
    falsifiedBy: `${name} works when it is run again, so the failure was temporary.`,
    fixes: [
      forYou(
        "Check which program runs and which headers it sends, then remove one difference at a time.",
        findAll("kubectl"),
        runPerSystem(
          ["env", "-u", "HTTPS_PROXY", "-u", "https_proxy", "KUBERC=off", ...CALL.split(" ")],
          CALL,
        ),
      ),
    ],
  };
}
