import { defineLegacyRule } from "../../check/legacy-rule.ts";
import { isGoClient } from "../../derive/client/go-client.ts";
import type { Facts } from "../../derive/facts.ts";
import { matchInError } from "../../derive/failure/pasted-error.ts";
import { failsBeforeRequest } from "../../derive/failure/startup.ts";
import type { Fix } from "../../fixes/fix.ts";
import { setCredentials } from "../../fixes/kubeconfig-commands.ts";

/** Source: plugin/KUBECTL.md, "Words of kubectl", "Terminal". */
const MISSING =
  /interactiveMode must be specified for (?<user>.{1,300}?) to use exec|invalid interactiveMode/;
const NO_TERMINAL = /cannot support interactive mode/;
const MODES = ["Never", "IfAvailable", "Always"];

/** The exec block lacks the interactive mode that v1 requires, or asks for a terminal that is not there. */
export const pluginInteractiveMode = defineLegacyRule({
  code: "plugin-interactive-mode",
  stage: "kubeconfig",
  causes: ["K4"],
  expects: "the exec block says how it may ask, and asks for no terminal that the client lacks",
  needs: [],
  needsOneOf: ["exec", "pastedError"],
  judge(facts) {
    if (!failsBeforeRequest(facts)) return [];
    const { exec, pastedError: said } = facts;
    const words = matchInError(said, MISSING) ?? matchInError(said, NO_TERMINAL);
    if (words === undefined && !isInvalid(facts)) return [];
    const user = words?.match.groups?.["user"] ?? facts.context?.userName ?? "USER";
    const isAlways = words !== undefined && NO_TERMINAL.test(words.line);
    return [
      {
        cause: "K4",
        stage: "kubeconfig",
        severity: "error",
        confidence: "certain",
        summary: isAlways
          ? `The exec block of user ${user} wants a terminal (interactiveMode Always), and the client has none.`
          : `The exec block of user ${user} has apiVersion v1 and no valid interactiveMode, which v1 requires.`,
        evidence: [
          ...(words === undefined ? [] : [`The call said: “${words.line}”`]),
          ...(exec === undefined
            ? []
            : [
                `users[].user.exec has apiVersion ${exec.apiVersion ?? "(none)"} and interactiveMode ${exec.interactiveMode ?? "(none)"}.`,
              ]),
        ],
        falsifiedBy: "kubectl gets past reading its kubeconfig with this very entry.",
        fixes: [
          {
            audience: "you",
            description: "Say that the plugin may ask where there is a terminal (kubectl 1.30 or later).",
            actions: [setCredentials(facts, { "exec-interactive-mode": "IfAvailable" })],
          },
          ...(isAlways ? [] : [goBack(facts)]),
        ],
      },
    ];
  },
});

/** Other clients than those in Go ignore the field. */
function isInvalid({ exec, client, symptom }: Facts): boolean {
  if (exec === undefined || symptom?.kind === "plugin-failed" || !isGoClient(client)) return false;
  const { interactiveMode: authenticationMode = "", apiVersion = "" } = exec;
  return authenticationMode === ""
    ? apiVersion === "client.authentication.k8s.io/v1"
    : !MODES.includes(authenticationMode);
}

function goBack(facts: Facts): Fix {
  return {
    audience: "you",
    description: "Or go back to v1beta1, which does not require it.",
    actions: [setCredentials(facts, { "exec-api-version": "client.authentication.k8s.io/v1beta1" })],
  };
}
