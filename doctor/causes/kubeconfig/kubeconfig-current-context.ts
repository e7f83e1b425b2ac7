import { aws, kubectl } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { defineRule, doesNotApply, found, passed } from "../../check/rule.ts";
import { matchInError } from "../../derive/failure/error-sources.ts";
import {
  contextAsked,
  type EffectiveContext,
  type KubeconfigReading,
} from "../../derive/kubeconfig/effective-context.ts";
import { forYou } from "../../fixes/fix.ts";
import { OTHER_PRINCIPAL } from "../shared/not-applicable.ts";
import { suspectedUnknown } from "../shared/suspected.ts";

/** What `aws eks update-kubeconfig` prints when it is done. Source: doctor/AWS-CREDENTIALS.md, "AWS CLI". */
const WRITTEN = /(?:Updated|Added new) context (?<name>\S+) (?:in|to) (?<file>\S+)/;

/** How a call to the wrong cluster, or with the wrong identity, fails. */
const FITS = ["unauthorized", "forbidden", "unreachable"];

/** The current context comes from the first file that sets one; those of later files have no effect. */
export const kubeconfigCurrentContext = defineRule({
  cause: {
    id: "K7",
    what: "The current context comes from a different KUBECONFIG file than the one that was just written.",
    seen: "401 or 403 from the wrong cluster",
    remedy: "Make the intended context the current one, or specify it with --context.",
    page: "https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/#merging-kubeconfig-files",
  },
  expects: "only one file sets the current context, or all files set the same one",
  needs: ["kubeconfig", "context"],
  check({ kubeconfig: { view }, context }, seen) {
    const hidden = hiddenContexts(view, context);
    const [first] = hidden;
    if (first === undefined) return passed;
    if (seen.isOtherPrincipal) return OTHER_PRINCIPAL;
    if (contextAsked(seen) !== undefined) return doesNotApply("the command specifies a context");
    const written = matchInError(seen.question?.stderr, WRITTEN);
    const wanted = hidden.find(({ name }) => name === written?.match.groups?.["name"]);
    const { kind } = seen.symptom ?? {};
    if (kind === "none" || (wanted === undefined && !FITS.includes(kind ?? "")))
      return doesNotApply("the call did not fail the way a call to the wrong cluster fails");
    const meant = wanted ?? first;
    return found({
      ...(wanted === undefined
        ? { confidence: "possible", inferred: true }
        : { confidence: "certain", explains: ["E1", "A1", "N1", "K8"] }),
      describe: () => ({
        summary: `The call used context ${context.name} from ${context.currentFrom}; context ${meant.name} from ${meant.path} is ignored because that file comes later.`,
        evidence: [
          `current-context in ${context.currentFrom} is ${context.name}.`,
          ...hidden.map(({ name, path }) => `current-context in ${path} is ${name}.`),
          written && `update-kubeconfig printed: “${written.line}”`,
        ],
        falsifiedBy: `You meant to use ${context.name}, or --context ${meant.name} fails in the same way.`,
        fixes: [
          forYou(`Make ${meant.name} the current context.`, kubectl("config use-context", {}, meant.name)),
        ],
      }),
    });
  },
  suspected: {
    unauthorized: suspectedUnknown(["K7", "K8", "K10", "K15", "K12", "N1"], (facts) => ({
      summary:
        "The request goes to the wrong cluster, or to one that was deleted and recreated since the kubeconfig was written.",
      confirmedBy: sentence`${kubectl("config view", { minify: true })} shows a different server than ${aws("eks describe-cluster", { name: facts.target.cluster, region: facts.target.region })}.`,
    })),
  },
});

/** Current contexts in later files that exist and differ from the effective one. */
function hiddenContexts(view: KubeconfigReading["view"], context: EffectiveContext) {
  return (view?.documents ?? []).flatMap(({ path, model }) => {
    const name = model["current-context"];
    const isHidden =
      typeof name === "string" && name !== context.name && view?.entries.contexts.has(name) === true;
    return isHidden && path !== context.currentFrom ? [{ name, path }] : [];
  });
}
