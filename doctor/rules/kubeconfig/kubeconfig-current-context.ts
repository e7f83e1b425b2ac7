import { defineLegacyRule } from "../../check/legacy-rule.ts";
import type { Facts } from "../../derive/facts.ts";
import { matchInError } from "../../derive/failure/pasted-error.ts";
import { isOtherPrincipal } from "../../derive/failure/pre-auth-severity.ts";
import { contextAsked } from "../../derive/kubeconfig/effective-context.ts";
import { kubectl } from "../../fixes/kubectl.ts";

/** What `aws eks update-kubeconfig` says when it is done. Source: doctor/AWS-CREDENTIALS.md, "AWS CLI". */
const WRITTEN = /(?:Updated|Added new) context (?<name>\S+) (?:in|to) (?<file>\S+)/;

/** Ways a call fails that went to another cluster, or as somebody else, than was meant. */
const FITS = ["unauthorized", "forbidden", "unreachable"];

/** The current context comes from the first file that sets one; a file written later has no say. */
export const kubeconfigCurrentContext = defineLegacyRule({
  code: "kubeconfig-current-context",
  stage: "kubeconfig",
  causes: ["K7"],
  expects: "the current context is set in one file, or is the same in all",
  needs: ["kubeconfig", "context"],
  judge(facts) {
    const { context, symptom } = facts;
    const hidden = hiddenContexts(facts);
    const [first] = hidden;
    if (isOtherPrincipal(facts) || contextAsked(facts.evidence) !== undefined || first === undefined)
      return [];
    const written = matchInError(facts.evidence.question?.stderr, WRITTEN);
    const wanted = hidden.find(({ name }) => name === written?.match.groups?.["name"]);
    if (symptom?.kind === "none" || (wanted === undefined && !FITS.includes(symptom?.kind ?? ""))) return [];
    const meant = wanted ?? first;
    return [
      {
        cause: "K7",
        stage: "kubeconfig",
        severity: "error",
        confidence: wanted === undefined ? "possible" : "certain",
        summary: `The call used context ${context.name} from ${context.currentFrom}; ${meant.path}, which sets ${meant.name}, comes later and has no say.`,
        evidence: [
          `current-context in ${context.currentFrom} is ${context.name}.`,
          ...hidden.map(({ name, path }) => `current-context in ${path} is ${name}.`),
          ...(written === undefined ? [] : [`update-kubeconfig said: “${written.line}”`]),
        ],
        falsifiedBy: `${context.name} is the context that was meant, or --context ${meant.name} fails in the same way.`,
        fixes: [
          {
            audience: "you",
            description: `Make ${meant.name} the current context.`,
            actions: [kubectl("config use-context", {}, meant.name)],
          },
        ],
        ...(wanted === undefined ? { inferred: true } : { explains: ["E1", "A1", "N1", "K8"] }),
      },
    ];
  },
});

/** Current contexts of later files that differ from the one in force and exist. */
function hiddenContexts({ kubeconfig, context }: Facts): { readonly name: string; readonly path: string }[] {
  const { view } = kubeconfig ?? {};
  return (view?.documents ?? []).flatMap(({ path, model }) => {
    const name = model["current-context"];
    const isHidden =
      typeof name === "string" && name !== context?.name && view?.entries.contexts.has(name) === true;
    return isHidden && path !== context?.currentFrom ? [{ name, path }] : [];
  });
}
