import { run } from "../../../token/command/command.ts";
import { defineLegacyRule } from "../../check/legacy-rule.ts";
import { isOtherPrincipal } from "../../derive/failure/pre-auth-severity.ts";
import { knownValue } from "../../evidence/evidence.ts";

/** Variables that make one client differ from another on the same machine. */
const VARIABLES = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "KUBECONFIG", "KUBERC"];

/** The cause of such reports is not settled (kubernetes/kubectl#1799): what can be done is to remove differences. */
export const clientDifference = defineLegacyRule({
  code: "client-difference",
  stage: "client",
  causes: ["T9"],
  expects: "the client is answered as a plain request with the same token is",
  needs: ["symptom"],
  judge(facts) {
    const { symptom, evidence, pastedError: said, client } = facts;
    const accepted =
      knownValue(evidence.apiServer)?.status === 200 && knownValue(evidence.token) !== undefined;
    const isKubectl = client === undefined || client.name === "kubectl";
    if (
      !isKubectl ||
      symptom.kind !== "unauthorized" ||
      said === undefined ||
      !accepted ||
      isOtherPrincipal(facts)
    )
      return [];
    const env = knownValue(evidence.environment) ?? {};
    const set = VARIABLES.filter((name) => (env[name] ?? "") !== "");
    const kuberc = knownValue(evidence.kubeconfig)?.kuberc;
    const name = client?.name ?? "kubectl";
    return [
      {
        cause: "T9",
        stage: "client",
        severity: "error",
        confidence: "possible",
        inferred: true,
        summary: `${name} was refused, but a plain request with the plugin's token is accepted: something differs between the two.`,
        evidence: [
          `${name} said that it is not authorized.`,
          "The API server answers 200 to the token that the plugin gives.",
          ...set.map((variable) => `${variable} is set.`),
          ...(kuberc === undefined ? [] : [`There is a ${kuberc.path}.`]),
        ],
        falsifiedBy: `${name} works when it is run again: then it was a matter of time.`,
        fixes: [
          {
            audience: "you",
            description:
              "Look which program runs, and with which headers; then take one difference away after the other.",
            actions: [
              run("type", "-a kubectl"),
              run("env", "-u HTTPS_PROXY -u https_proxy KUBERC=off kubectl get --raw /api -v=8"),
            ],
          },
        ],
      },
    ];
  },
});
