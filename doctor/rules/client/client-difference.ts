import { run } from "../../../token/command/command.ts";
import { defineRule } from "../../check/rule.ts";
import { doesNotApply, found, passed } from "../../check/verdict.ts";
import type { Facts } from "../../derive/facts.ts";
import { acceptsToken } from "../../derive/failure/startup.ts";
import { knownValue } from "../../evidence/evidence.ts";
import { forYou } from "../../fixes/fix.ts";
import { NOT_REFUSED, OTHER_PRINCIPAL } from "../shared/not-applicable.ts";

/** Variables that make one client differ from another on the same machine. */
const VARIABLES = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "KUBECONFIG", "KUBERC"];

/** The cause of such reports is not settled (kubernetes/kubectl#1799): what can be done is to remove differences. */
export const clientDifference = defineRule({
  causes: ["T9"],
  expects: "the client gets the same answer as a plain request with the same token",
  needs: ["symptom", "pastedError"],
  reads: ["client", "isOtherPrincipal", "apiServer", "token"],
  check({ symptom }, seen) {
    if (symptom.kind !== "unauthorized") return NOT_REFUSED;
    if (seen.isOtherPrincipal) return OTHER_PRINCIPAL;
    const { name } = seen.client ?? KUBECTL;
    if (name !== KUBECTL.name) return doesNotApply(`the client is ${name}`);
    if (!acceptsToken(seen.evidence) || knownValue(seen.evidence.token) === undefined) return passed;
    return found({ confidence: "possible", inferred: true, describe });
  },
});

const KUBECTL = { name: "kubectl" };

function describe({ evidence }: Facts) {
  const { name } = KUBECTL;
  const env = knownValue(evidence.environment) ?? {};
  const kuberc = knownValue(evidence.kubeconfig)?.kuberc;
  return {
    summary: `${name} was refused, but a plain request with the plugin's token is accepted: something differs between the two.`,
    evidence: [
      `${name} said that it is not authorized.`,
      "The API server answers 200 to the token that the plugin gives.",
      ...VARIABLES.map((variable) => (env[variable] ?? "") !== "" && `${variable} is set.`),
      kuberc && `There is a ${kuberc.path}.`,
    ],
    falsifiedBy: `${name} works when it is run again: then the failure was temporary.`,
    fixes: [
      forYou(
        "See which program runs, and which headers it sends; then remove one difference at a time.",
        run("type", "-a kubectl"),
        run("env", "-u HTTPS_PROXY -u https_proxy KUBERC=off kubectl get --raw /api -v=8"),
      ),
    ],
  };
}
