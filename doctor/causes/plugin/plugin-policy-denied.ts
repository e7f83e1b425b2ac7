import { kubectl } from "../../../token/command/command.ts";
import { cannotTell, defineRule, doesNotApply, found, passed, type Verdict } from "../../check/rule.ts";
import { isOlderThan } from "../../derive/client/client-kind.ts";
import type { Confidence } from "../../derive/confidence.ts";
import type { Facts } from "../../derive/facts.ts";
import { matchInError, type QuotedMatch } from "../../derive/failure/error-sources.ts";
import { type PluginPolicy, pluginPolicy } from "../../derive/kubeconfig/plugin-policy.ts";
import { type Fix, forYou } from "../../fixes/fix.ts";
import { quoteCall } from "../shared/error-rule.ts";
import { NOT_BEFORE_REQUEST } from "../shared/not-applicable.ts";
import { failsWithout } from "../shared/refuted.ts";

/** kubectl 1.36's own messages. */
const DENIED =
  /plugin "(?<name>[^"]*)" not allowed: policy set to "DenyAll"|plugin path "(?<path>[^"]*)" is not permitted by the credential plugin allowlist/;

/** Others are not allowed by a command: in a case, anyone may have chosen the program. */
const KNOWN_PLUGIN =
  /(?:^|[\\/])(?:aws|aws-iam-authenticator|kubectl-vouch|vouch|kubelogin|kubectl-oidc_login|gke-gcloud-auth-plugin)(?:\.exe)?$/i;

/** kubectl refuses to start, because the plugin settings in the kuberc contradict each other (messages of kubectl 1.36). */
const CONTRADICTION =
  /(?:error occurred while applying preferences |invalid plugin policy: |allowlist misconfiguration: |[Ee]rror: |getting credentials: )?(?<why>.{0,300}(?:credential plugin (?:policy|allowlist(?! check))|unknown plugin policy|non-normalized file path).*)/;

/** kubectl's own preferences (kuberc) forbid the plugin; IAM does not matter. */
export const pluginPolicyDenied = defineRule({
  cause: {
    id: "K5",
    what: "The user's kuberc forbids this credential plugin.",
    seen: 'plugin "aws" not allowed',
    remedy: "Add the plugin to the list of plugins that kubectl is allowed to run.",
    page: "https://kubernetes.io/docs/reference/kubectl/kuberc/#credential-plugin-policy",
  },
  expects: "kubectl's preferences allow the credential plugin",
  check(_, seen) {
    if (!seen.failsBeforeRequest) return NOT_BEFORE_REQUEST;
    const words = matchInError(seen.pastedError, DENIED) ?? matchInError(seen.pastedError, CONTRADICTION);
    return words === undefined ? checkPolicy(seen) : denied("certain", words);
  },
  refuted: (seen) => failsWithout(seen, ({ environment }) => environment?.["KUBERC"] === "off"),
});

/** The policy exists since kubectl 1.35, and only kubectl reads it. */
function checkPolicy(seen: Facts): Verdict {
  const policy = pluginPolicy(seen.evidence, seen.exec);
  if (policy === undefined || policy.verdict === "allowed") return passed;
  if (policy.verdict === "unknown" && policy.contradiction === undefined) return cannotTell("execCommand");
  if (seen.symptom?.kind === "plugin-failed") return doesNotApply("the client ran the plugin");
  const { name = "kubectl", version } = seen.client ?? {};
  if (name !== "kubectl") return doesNotApply("the client does not read kuberc");
  if (version === undefined) return denied("likely");
  return isOlderThan(version, [1, 35])
    ? doesNotApply("this kubectl does not support plugin policies")
    : denied("certain");
}

function denied(confidence: Confidence, words?: QuotedMatch): Verdict {
  return found({ confidence, describe: (facts) => describe(facts, words) });
}

function describe(facts: Facts, words: QuotedMatch | undefined) {
  const policy = pluginPolicy(facts.evidence, facts.exec);
  const { name, path, why = policy?.contradiction } = words?.match.groups ?? {};
  const program = name ?? path ?? facts.exec?.command ?? "the plugin";
  return {
    summary:
      why === undefined
        ? `kubectl is not allowed to run ${program}: ${policy === undefined ? "its kuberc" : `the policy in ${policy.path} (${policy.policy})`} forbids it.`
        : `The credential plugin settings in ${policy?.path ?? "kuberc"} are not valid, so kubectl does not run: ${why}.`,
    evidence: [quoteCall(words), policy && describePolicy(policy)],
    falsifiedBy: "With KUBERC=off, the same command fails in the same way.",
    fixes: [allow(facts, name ?? path ?? "PLUGIN", policy?.allowlist ?? [])],
  };
}

function describePolicy({ path, policy, allowlist }: PluginPolicy): string {
  const list =
    policy === "Allowlist"
      ? `, and the list ${allowlist?.length ? `contains ${allowlist.join(", ")}` : "is empty"}`
      : "";
  return `credentialPluginPolicy in ${path} is ${policy}${list}.`;
}

/** The whole list is passed, because setting it replaces the existing one (measured, 1.36). */
function allow({ execCommand, exec }: Facts, program: string, allowlist: readonly string[]): Fix {
  const entry = execCommand?.resolved ?? exec?.command ?? program;
  if (!KNOWN_PLUGIN.test(entry))
    return forYou("If you know the plugin and trust it, add it to credentialPluginAllowlist in your kuberc.");
  return forYou(
    "Add the plugin to the list of plugins that kubectl is allowed to run.",
    kubectl("kuberc set", {
      section: "credentialplugin",
      policy: "Allowlist",
      "allowlist-entry": [...allowlist, entry].map((command) => `command=${command}`),
      overwrite: true,
    }),
  );
}
