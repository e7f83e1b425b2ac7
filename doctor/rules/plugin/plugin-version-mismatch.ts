import { defineLegacyRule } from "../../check/legacy-rule.ts";
import type { Facts } from "../../derive/facts.ts";
import { matchInError } from "../../derive/failure/pasted-error.ts";
import { failsBeforeRequest } from "../../derive/failure/startup.ts";
import { programSeen } from "../../fixes/exec-fixes.ts";
import type { Fix } from "../../fixes/fix.ts";
import { setCredentials } from "../../fixes/kubeconfig-commands.ts";

/** Source: plugin/KUBECTL.md, "Words of kubectl". An empty answer reads as version `__internal`: that is K6. */
const DIFFERS =
  /configured to use API version (?<wanted>[\w./]+), plugin returned version (?<given>client\.authentication\.k8s\.io\/v\w+)/;

/** The client sent no exec info, so the plugin had to guess: the client's fault (T10). */
const NO_EXEC_INFO = /Empty KUBERNETES_EXEC_INFO/;

/** The plugin answers in another version than the kubeconfig asks for. */
export const pluginVersionMismatch = defineLegacyRule({
  code: "plugin-version-mismatch",
  stage: "plugin",
  causes: ["K3"],
  expects: "the plugin answers in the version that the exec block asks for",
  needs: [],
  needsOneOf: ["pluginRun", "pastedError"],
  judge(facts) {
    const { pastedError: said, exec, pluginRun } = facts;
    const words = matchInError(said, DIFFERS);
    const { wanted = exec?.apiVersion, given = pluginRun?.credential?.apiVersion } =
      words?.match.groups ?? {};
    const isGuess = NO_EXEC_INFO.test(`${said ?? ""}${pluginRun?.stderr ?? ""}`);
    if (
      !failsBeforeRequest(facts) ||
      isGuess ||
      wanted === undefined ||
      given === undefined ||
      wanted === given
    ) {
      return [];
    }
    const program = exec?.program ?? "the plugin";
    return [
      {
        cause: "K3",
        stage: "plugin",
        severity: "error",
        confidence: "certain",
        summary: `The kubeconfig asks ${program} for ${wanted}, and it answers ${given}.`,
        evidence: [
          ...(words === undefined ? [] : [`The call said: “${words.line}”`]),
          ...(exec?.apiVersion === undefined ? [] : [`users[].user.exec.apiVersion is ${exec.apiVersion}.`]),
          ...(pluginRun?.credential === undefined
            ? []
            : [`${program}, when run, answered ${pluginRun.credential.apiVersion}.`]),
          ...programSeen(facts.evidence),
        ],
        falsifiedBy: `${program}, run with KUBERNETES_EXEC_INFO set to ${wanted}, answers in that version.`,
        fixes: fixes(facts, given),
      },
    ];
  },
});

function fixes(facts: Facts, given: string): Fix[] {
  const upgrade: Fix = {
    audience: "you",
    description:
      "Upgrade the plugin: aws-iam-authenticator 0.5.4 or later, AWS CLI 2.6.3 or 1.23.9 or later answer in the version they are asked for.",
  };
  if (!/\/v1(?:beta1)?$/.test(given)) return [upgrade];
  const fields = {
    "exec-api-version": given,
    "exec-interactive-mode": given.endsWith("/v1") ? "IfAvailable" : undefined,
  };
  return [
    upgrade,
    {
      audience: "you",
      description: `Or ask for ${given} in the kubeconfig.`,
      actions: [setCredentials(facts, fields)],
    },
  ];
}
