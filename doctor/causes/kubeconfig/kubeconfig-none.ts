import { kubectl, pathWord, setVariable } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { type Description, defineRule, doesNotApply, found, passed } from "../../check/rule.ts";
import { isTerraform } from "../../derive/client/client-kind.ts";
import type { Facts } from "../../derive/facts.ts";
import { matchInError, type QuotedMatch } from "../../derive/failure/error-sources.ts";
import { commandWords } from "../../derive/kubeconfig/command-words.ts";
import { contextAsked } from "../../derive/kubeconfig/effective-context.ts";
import { isExcerpt, knownValue } from "../../evidence/evidence.ts";
import { type Fix, forYou } from "../../fixes/fix.ts";
import { regenerateEntry } from "../../fixes/regenerate-context.ts";
import { terraformProvider } from "../../fixes/terraform.ts";
import { quoteCall } from "../shared/error-rule.ts";
import {
  correctPassedOver,
  describePassedOver,
  type PassedOverPart,
  passedOverKey,
  switchContext,
} from "../shared/kubeconfig-gaps.ts";
import { OTHER_PRINCIPAL } from "../shared/not-applicable.ts";

/**
 * Where clients connect if no kubeconfig is in effect. Source: client-go, rest/config.go, `defaultServer`;
 * plugin/KUBECTL.md, "Words of kubectl".
 */
const LOCALHOST =
  /(?:localhost|127\.0\.0\.1):8080|(?:https?:\/\/localhost(?:\/|"))|no configuration has been provided|no context chosen|Missing or incomplete configuration info|Config not found: |unable to load in-cluster configuration|connect ECONNREFUSED 127\.0\.0\.1:80\b|stat \S{0,300}(?:\.kube\/config|kubeconfig\S{0,80}): no such file or directory/;

const CALLS_ELSEWHERE = doesNotApply("the client did not connect to localhost");

/** No kubeconfig with a current context is in effect: the client connects to localhost. */
export const kubeconfigNone = defineRule({
  cause: {
    id: "K14",
    what: "No kubeconfig is in effect, so the client connects to localhost.",
    seen: "localhost:8080 was refused",
    remedy: "Write a kubeconfig for the cluster.",
    page: "https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/",
  },
  expects: "a kubeconfig with a current context is in effect",
  check(_, seen) {
    if (seen.isOtherPrincipal) return OTHER_PRINCIPAL;
    const kind = seen.symptom?.kind;
    const words = matchInError(seen.pastedError, LOCALHOST);
    const mayBe =
      kind === "unreachable" || kind === "configuration" ? words !== undefined : kind === undefined;
    if (!mayBe) return CALLS_ELSEWHERE;
    if (words === undefined) {
      if (seen.kubeconfig?.view === undefined) return doesNotApply("a kubeconfig file is broken");
      if (whatIsMissing(seen) === undefined) return passed;
    }
    const { context } = seen;
    if (context !== undefined && context.cluster === undefined)
      return doesNotApply("the context's cluster is not in any kubeconfig file");
    if (LOOPBACK.includes(seen.clusterEntry?.host ?? ""))
      return doesNotApply("the cluster runs on this machine");
    return found({
      confidence:
        words !== undefined && context === undefined && !isTerraform(seen.client) ? "certain" : "likely",
      describe: (facts) =>
        isTerraform(facts.client) ? describeProvider(facts, words) : describe(facts, words),
    });
  },
});

const LOOPBACK = ["localhost", "127.0.0.1"];

function whatIsMissing(seen: Facts): string | undefined {
  const { view, missing = [] } = seen.kubeconfig ?? {};
  if (view === undefined || contextAsked(seen) !== undefined) return undefined;
  const { documents, currentContext } = view;
  if (documents.length === 0) return noFile(missing);
  return currentContext === undefined
    ? `current-context is not set in ${documents.map(({ path }) => path).join(", ")}.`
    : undefined;
}

function noFile(missing: readonly string[]): string {
  const [path, ...others] = missing;
  if (path === undefined) return "No kubeconfig file was read.";
  if (others.length > 0) return `Files ${missing.join(", ")} do not exist.`;
  const [variable] = /%\w+%|\$(?:env:)?\w+/.exec(path) ?? [];
  return `File ${path} does not exist${variable === undefined ? "" : `: kubectl does not expand ${variable}`}.`;
}

function isSudo({ question }: Facts): boolean {
  return commandWords(question?.command ?? "")[0] === "sudo";
}

/** The home of the default kubeconfig, where kubectl does not find it. Source: client-go, util/homedir, `HomeDir`. */
function lostHome({ context, evidence }: Facts): string | undefined {
  const environment = isExcerpt(evidence, "environment") ? undefined : knownValue(evidence.environment);
  const [, home] = /^(\/.*)\/\.kube\/config$/.exec(context?.currentFrom ?? "") ?? [];
  return environment === undefined || environment["HOME"] || environment["KUBECONFIG"] ? undefined : home;
}

function describe(facts: Facts, words: QuotedMatch | undefined) {
  const { context } = facts;
  const hidden = passedOverContext(facts);
  return {
    summary:
      context === undefined
        ? "No kubeconfig with a current context is in effect, so the client connects to localhost."
        : `The client connected to localhost, so it does not read ${context.currentFrom ?? "the kubeconfig"}, which selects context ${context.name}.`,
    evidence: [
      quoteCall(words),
      whatIsMissing(facts),
      hidden && describePassedOver(hidden),
      isSudo(facts) && "The command runs under sudo: root has a different HOME and different variables.",
      lostHome(facts) &&
        "HOME is not set, so kubectl reads .kube/config in the current folder, not in the home directory.",
    ],
    falsifiedBy: sentence`${kubectl("config current-context")}, run the same way, prints a context.`,
    fixes: hidden === undefined ? fixes(facts) : [correctPassedOver(hidden), ...chooseContext(facts)],
  };
}

/** A provider reads a kubeconfig only if it is told to. */
function describeProvider(facts: Facts, words: QuotedMatch | undefined): Description {
  return {
    summary: words?.match[0].startsWith("stat ")
      ? "The Terraform provider's kubeconfig does not exist where Terraform runs."
      : "The Terraform provider has neither a cluster address nor a kubeconfig, so it connects to localhost.",
    evidence: [quoteCall(words)],
    falsifiedBy: "The provider block sets a host, or a config_path whose kubeconfig has a current context.",
    fixes: [terraformProvider(facts)],
  };
}

/** A current context that kubectl ignores, if it sees no other. */
function passedOverContext({ context, kubeconfig }: Facts): PassedOverPart | undefined {
  return context === undefined ? passedOverKey(kubeconfig, "current-context") : undefined;
}

function fixes(facts: Facts): Fix[] {
  const { context } = facts;
  if (context !== undefined) {
    const home = lostHome(facts);
    if (home !== undefined) return [forYou("Set HOME for the client.", setVariable("HOME", home))];
    const path = context.currentFrom ?? context.cluster?.path ?? "KUBECONFIG_FILE";
    return [
      forYou(
        isSudo(facts) ? "Run the command without sudo, or set KUBECONFIG." : "Set KUBECONFIG for the client.",
        setVariable("KUBECONFIG", path),
        kubectl("config current-context", { kubeconfig: pathWord(path) }),
      ),
    ];
  }
  const choice = chooseContext(facts);
  return choice.length > 0 ? choice : regenerateEntry(facts, "Create a kubeconfig for the cluster.");
}

function chooseContext({ kubeconfig }: Facts): Fix[] {
  const names = [...(kubeconfig?.view?.entries.contexts.keys() ?? [])];
  return names.length === 0 ? [] : [switchContext(names)];
}
