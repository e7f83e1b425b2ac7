import { defineRule, doesNotApply, found, passed, type Verdict } from "../../check/rule.ts";
import { isGoClient } from "../../derive/client/client-kind.ts";
import type { Facts } from "../../derive/facts.ts";
import { matchInError, type QuotedMatch } from "../../derive/failure/error-sources.ts";
import { EXEC_API, type ExecBlock } from "../../derive/kubeconfig/exec-block.ts";
import { forYou } from "../../fixes/fix.ts";
import { setExec } from "../../fixes/kubeconfig-commands.ts";
import { quoteCall } from "../shared/error-rule.ts";
import { NOT_BEFORE_REQUEST } from "../shared/not-applicable.ts";

/** Source: plugin/KUBECTL.md, "Words of kubectl", "Terminal". */
const MISSING =
  /interactiveMode must be specified for (?<user>.{1,300}?) to use exec|invalid interactiveMode/;
const NO_TERMINAL = /cannot support interactive mode/;
const MODES = ["Never", "IfAvailable", "Always"];

/** The exec block lacks the interactiveMode that v1 requires, or requires a terminal that is not available. */
export const pluginInteractiveMode = defineRule({
  cause: {
    id: "K4",
    what: "An exec block with apiVersion v1 does not set interactiveMode, which v1 requires.",
    seen: "interactiveMode must be specified",
    remedy: "Set interactiveMode: IfAvailable, or go back to v1beta1, which does not require it.",
    page: "https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins",
  },
  expects: "the exec block has a valid interactiveMode and does not require a terminal that the client lacks",
  check(_, seen) {
    if (!seen.failsBeforeRequest) return NOT_BEFORE_REQUEST;
    const words = matchInError(seen.pastedError, MISSING) ?? matchInError(seen.pastedError, NO_TERMINAL);
    return words === undefined ? checkField(seen) : wrongMode(words);
  },
  refuted: ({ exec, pastedError }) =>
    exec !== undefined && isValid(exec) && matchInError(pastedError, NO_TERMINAL) === undefined,
});

function isValid({ interactiveMode = "", apiVersion }: ExecBlock): boolean {
  return interactiveMode === "" ? apiVersion !== EXEC_API.v1 : MODES.includes(interactiveMode);
}

/** Clients not written in Go ignore the field. */
function checkField(seen: Facts): Verdict {
  if (seen.exec === undefined) return doesNotApply("the user entry does not have an exec block");
  if (isValid(seen.exec)) return passed;
  if (seen.symptom?.kind === "plugin-failed") return doesNotApply("the client ran the plugin");
  return isGoClient(seen.client) ? wrongMode() : doesNotApply("the client ignores interactiveMode");
}

function wrongMode(words?: QuotedMatch): Verdict {
  return found({ confidence: "certain", describe: (facts) => describe(facts, words) });
}

function describe(facts: Facts, words: QuotedMatch | undefined) {
  const { exec, context } = facts;
  const user = words?.match.groups?.["user"] ?? context?.userName ?? "USER";
  const isAlways = words !== undefined && NO_TERMINAL.test(words.line);
  const v1beta1 = { apiVersion: EXEC_API.v1beta1 };
  return {
    summary: isAlways
      ? `The exec block of user ${user} requires a terminal (interactiveMode Always), but the client does not have one.`
      : `The exec block of user ${user} has apiVersion v1 without a valid interactiveMode, which v1 requires.`,
    evidence: [
      quoteCall(words),
      exec &&
        `users[].user.exec has apiVersion ${exec.apiVersion ?? "(none)"} and interactiveMode ${exec.interactiveMode ?? "(none)"}.`,
    ],
    falsifiedBy: "kubectl loads the kubeconfig with this entry without an error.",
    fixes: [
      forYou(
        "Allow the plugin to prompt if a terminal is available (kubectl 1.30 or later).",
        setExec(facts, { interactiveMode: "IfAvailable" }),
      ),
      ...(isAlways
        ? []
        : [
            forYou(
              "Or switch back to v1beta1, which does not require interactiveMode.",
              setExec(facts, v1beta1),
            ),
          ]),
    ],
  };
}
