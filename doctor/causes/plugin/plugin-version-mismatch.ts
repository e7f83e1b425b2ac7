import { defineRule, doesNotApply, found, passed } from "../../check/rule.ts";
import type { Facts } from "../../derive/facts.ts";
import { matchInError } from "../../derive/failure/error-sources.ts";
import { type Fix, forYou } from "../../fixes/fix.ts";
import { programSeen, setExec } from "../../fixes/kubeconfig-commands.ts";
import { quoteCall } from "../shared/error-rule.ts";
import { NOT_BEFORE_REQUEST } from "../shared/not-applicable.ts";
import { answeredVersion, DIFFERS, UNREADABLE } from "../shared/plugin-answer.ts";

/** The client sent no exec info, so the plugin had to guess: this is the client's fault (T10). */
const NO_EXEC_INFO = /Empty KUBERNETES_EXEC_INFO/;

/** The plugin returns a version other than the one in the kubeconfig. */
export const pluginVersionMismatch = defineRule({
  cause: {
    id: "K3",
    what: "The plugin returns a different apiVersion than the kubeconfig requests, because it is too old to honor the request.",
    seen: "plugin returned version …",
    remedy: "Upgrade the exec plugin: it must answer in the apiVersion that the client requests.",
    page: "https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins",
  },
  expects: "the plugin returns the version that the exec block requests",
  check(_, seen) {
    if (!seen.failsBeforeRequest) return NOT_BEFORE_REQUEST;
    if (NO_EXEC_INFO.test(seen.pastedError ?? "")) return GUESSED;
    const words = matchInError(seen.pastedError, DIFFERS);
    if (words === undefined && NO_EXEC_INFO.test(seen.pluginRun?.stderr ?? "")) return GUESSED;
    if (words === undefined && UNREADABLE.test(seen.pastedError ?? ""))
      return doesNotApply("the client could not read the response");
    const { unknown } = words?.match.groups ?? {};
    const {
      wanted = unknown === undefined ? seen.exec?.apiVersion : "a version that the client supports",
      given = unknown ?? answeredVersion(seen.pluginRun),
    } = words?.match.groups ?? {};
    if (wanted === undefined || given === undefined)
      return doesNotApply(
        "the exec block does not request a version, or the plugin did not return a credential",
      );
    if (wanted === given) return passed;
    return found({
      confidence: "certain",
      describe: (facts) => {
        const { exec, pluginRun, evidence } = facts;
        const program = exec?.program ?? "the plugin";
        return {
          summary: `${program} should return ${wanted}, but returns ${given}.`,
          evidence: [
            quoteCall(words),
            exec?.apiVersion !== undefined && `users[].user.exec.apiVersion is ${exec.apiVersion}.`,
            answeredVersion(pluginRun) && `${program}, when run, returned ${answeredVersion(pluginRun)}.`,
            ...programSeen(evidence),
          ],
          falsifiedBy: `${program} returns ${wanted} when KUBERNETES_EXEC_INFO requests it.`,
          fixes: fixes(facts, given),
        };
      },
    });
  },
  refuted: ({ pastedError, pluginRun, exec }) => {
    const wanted = matchInError(pastedError, DIFFERS)?.match.groups?.["wanted"] ?? exec?.apiVersion;
    return wanted !== undefined && wanted === answeredVersion(pluginRun);
  },
});

const GUESSED = doesNotApply("the plugin was not told which version the client wants");

function fixes(facts: Facts, given: string): Fix[] {
  const upgrade = forYou(
    "Upgrade the plugin: aws-iam-authenticator 0.5.4 or later and AWS CLI 2.6.3, 1.23.9 or later return the requested version.",
  );
  if (!/\/v1(?:beta1)?$/.test(given)) return [upgrade];
  const fields = {
    apiVersion: given,
    ...(given.endsWith("/v1") ? { interactiveMode: "IfAvailable" } : {}),
  };
  return [upgrade, forYou(`Or set ${given} in the kubeconfig.`, setExec(facts, fields))];
}
