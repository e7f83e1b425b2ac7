import { defineLegacyRule } from "../../check/legacy-rule.ts";
import type { Confidence } from "../../derive/confidence.ts";
import type { Facts } from "../../derive/facts.ts";
import { matchInError } from "../../derive/failure/pasted-error.ts";
import { failsBeforeRequest } from "../../derive/failure/startup.ts";
import { pluginPolicy } from "../../derive/kubeconfig/plugin-policy.ts";
import { isOlderThan } from "../../derive/version-number.ts";
import type { Fix } from "../../fixes/fix.ts";
import { kubectl } from "../../fixes/kubectl.ts";

/** kubectl 1.36's own words, as it says them. */
const DENIED =
  /plugin "(?<name>[^"]*)" not allowed: policy set to "DenyAll"|plugin path "(?<path>[^"]*)" (?:is not permitted by|cannot be resolved for) the credential plugin allowlist/;

/** kubectl refuses to start, because what kuberc says of plugins contradicts itself (kubectl 1.36's words). */
const CONTRADICTION =
  /error occurred while applying preferences (?<why>.{0,300}(?:credential plugin|plugin policy|allowlist|non-normalized file path).*)/;

/** kubectl's own preferences (kuberc) forbid the plugin; IAM has nothing to do with it. */
export const pluginPolicyDenied = defineLegacyRule({
  code: "plugin-policy-denied",
  stage: "plugin",
  causes: ["K5"],
  expects: "kubectl's preferences let the credential plugin run",
  needs: [],
  needsOneOf: ["exec", "pastedError"],
  judge(facts) {
    if (!failsBeforeRequest(facts)) return [];
    const words = matchInError(facts.pastedError, DENIED) ?? matchInError(facts.pastedError, CONTRADICTION);
    const policy = pluginPolicy(facts.evidence, facts.exec);
    const confidence =
      words === undefined
        ? byField(facts, policy?.verdict === "denied" || policy?.contradiction !== undefined)
        : "certain";
    if (confidence === undefined) return [];
    const { name, path, why = policy?.contradiction } = words?.match.groups ?? {};
    const program = name ?? path ?? facts.exec?.command ?? "the plugin";
    return [
      {
        cause: "K5",
        stage: "plugin",
        severity: "error",
        confidence,
        summary:
          why === undefined
            ? `kubectl may not run ${program}: ${policy === undefined ? "its kuberc" : `${policy.path} says ${policy.policy}, which`} does not allow it.`
            : `What ${policy?.path ?? "kuberc"} says of credential plugins is not valid, so kubectl does nothing: ${why}.`,
        evidence: [
          ...(words === undefined ? [] : [`The call said: “${words.line}”`]),
          ...(policy === undefined
            ? []
            : [
                `credentialPluginPolicy in ${policy.path} is ${policy.policy}${policy.policy === "Allowlist" ? `, and the list has ${policy.allowlist?.join(", ") || "nothing"}` : ""}.`,
              ]),
        ],
        falsifiedBy: "The same command works with KUBERC=off.",
        fixes: [allow(facts, program, policy?.allowlist ?? [])],
      },
    ];
  },
});

/** The policy came with kubectl 1.35, and only kubectl asks it. */
function byField({ client, symptom }: Facts, isDenied: boolean): Confidence | undefined {
  const isKubectl = client === undefined || client.name === "kubectl";
  if (!isDenied || !isKubectl || symptom?.kind === "plugin-failed") return undefined;
  if (client?.version === undefined) return "likely";
  return isOlderThan(client.version, [1, 35]) ? undefined : "certain";
}

/** The whole list is given, because setting it replaces the one that is there (measured, 1.36). */
function allow({ evidence, exec }: Facts, program: string, allowlist: readonly string[]): Fix {
  const { execCommand } = evidence;
  const resolved = execCommand !== undefined && "resolved" in execCommand ? execCommand.resolved : null;
  const entry = resolved ?? exec?.command ?? program;
  return {
    audience: "you",
    description: "Put the plugin on the list of those that kubectl may run.",
    actions: [
      kubectl("kuberc set", {
        section: "credentialplugin",
        policy: "Allowlist",
        "allowlist-entry": [...allowlist, entry].map((command) => `command=${command}`),
        overwrite: true,
      }),
    ],
  };
}
