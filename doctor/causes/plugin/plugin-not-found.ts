import { kubectl, run } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { type Conclusion, defineRule, doesNotApply, found, passed } from "../../check/rule.ts";
import type { Confidence } from "../../derive/confidence.ts";
import type { Facts } from "../../derive/facts.ts";
import { matchInError, type QuotedMatch } from "../../derive/failure/error-sources.ts";
import { profileInForce } from "../../derive/identity/credential-source.ts";
import { workloadOf } from "../../derive/identity/workload.ts";
import { isMisspelt } from "../../eks/rbac/binding-near-misses.ts";
import { type Client, type ExecCommand, failureOf, knownValue } from "../../evidence/evidence.ts";
import { type Action, documentOf, type Fix, forYou, oneOf } from "../../fixes/fix.ts";
import { askVersion, useProgram } from "../../fixes/kubeconfig-commands.ts";
import { useOurs } from "../../fixes/profile-choice.ts";
import { quoteCall } from "../shared/error-rule.ts";
import { NOT_BEFORE_REQUEST } from "../shared/not-applicable.ts";

/**
 * Source: plugin/KUBECTL.md, "Words of kubectl"; go, os/exec, `LookPath`; client-go before 0.20 for what it wraps; bash, dash, zsh,
 * fish, cmd and PowerShell.
 */
const NOT_FOUND =
  /(?:^|[\s:'"])(?<typed>aws|aws-iam-authenticator|kubectl-vouch)(?:: command not found|: not found|' is not recognized as )|command not found: (?<zsh>aws|aws-iam-authenticator|kubectl-vouch)\b|Unknown command: (?<fish>aws|aws-iam-authenticator|kubectl-vouch)\b|exec: executable (?<name>.{1,300}?) not found|exec: "(?<looked>[^"\n]{1,300})": (?:executable file not found in|cannot run executable found relative)|User Exec command "(?<shown>[^"\n]{1,300})" not found|No such file or directory: '(?<module>aws|aws-iam-authenticator|kubectl-vouch|vouch)'|fork\/exec (?<path>.{1,300}?): (?<why>no such file or directory|permission denied)/;

/** The client does not find the program of the exec block, or is not allowed to start it. */
export const pluginNotFound = defineRule({
  cause: {
    id: "K1",
    what: "The program of the exec block is not on the PATH of the process that needs it.",
    seen: "exec: executable aws not found",
    remedy: "Install the exec plugin, or set its full path in the kubeconfig.",
    sameAs: ["T3"],
    page: "https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins",
  },
  expects: "the client finds the credential plugin that the kubeconfig specifies",
  check(_, seen) {
    if (!seen.failsBeforeRequest) return NOT_BEFORE_REQUEST;
    const words = matchInError(seen.pastedError, NOT_FOUND);
    if (words !== undefined) {
      const isHere = isFound(seen.execCommand);
      return isHere && runsElsewhere(seen.client)
        ? doesNotApply("the client does not have the shell's PATH")
        : found(conclusion(isHere ? "likely" : "certain", words));
    }
    const { resolved, executable } = seen.execCommand ?? {};
    if (resolved !== null && executable !== false) return passed;
    if (seen.symptom?.kind === "plugin-failed" && seen.symptom.exitCode !== undefined)
      return doesNotApply("the client started the plugin");
    const { pluginRun } = seen.evidence;
    const hasRun = pluginRun !== undefined && failureOf(pluginRun) === undefined;
    return hasRun ? doesNotApply("the plugin runs") : found(conclusion("certain"));
  },
});

function isFound(command: ExecCommand | undefined): boolean {
  return typeof command?.resolved === "string" && command.executable !== false;
}

/** A desktop's PATH and a confined package are separate causes (T3, L14). */
function runsElsewhere(client: Client | undefined): boolean {
  return client?.path?.startsWith("/snap/") === true || client?.graphical === true;
}

function conclusion(confidence: Confidence, words?: QuotedMatch): Conclusion {
  return { confidence, explains: ["K16"], describe: (facts) => describe(facts, words) };
}

function describe(facts: Facts, words: QuotedMatch | undefined) {
  const { execCommand, exec } = facts;
  const program = programIn(words) ?? execCommand?.command ?? "PLUGIN";
  const resolved = execCommand?.resolved;
  const client = facts.client?.name ?? "the client";
  return {
    summary: `${facts.client?.name ?? "The client"} cannot find or start the credential plugin ${program}.`,
    evidence: [
      quoteCall(words),
      exec && `users[].user.exec.command is ${exec.command}.`,
      resolved === null && `${program} is not in any PATH directory.`,
      execCommand?.executable === false && `${resolved ?? program} is not executable.`,
      isFound(execCommand) &&
        `With this shell's PATH, it resolves to ${resolved}: ${client} runs with a different PATH.`,
    ],
    falsifiedBy: sentence`${askVersion(program)} works when run in the same environment as ${client}.`,
    fixes: fixes(facts, program, words?.match.groups?.["why"] === "permission denied"),
  };
}

/** The program that was not found, as its name or path stands in the message. */
function programIn(words: QuotedMatch | undefined): string | undefined {
  const { why: _, ...names } = words?.match.groups ?? {};
  return Object.values(names).find((name) => name !== undefined);
}

function fixes(facts: Facts, named: string, isDenied: boolean): Fix[] {
  const { exec, execCommand } = facts;
  if (isDenied && named.startsWith("/") && execCommand?.executable !== false)
    return [
      forYou(
        "Make it executable. If it already is, the client runs in a sandbox (snap, Flatpak) or its file system is mounted with noexec.",
        run("chmod", "+x", {}, named),
      ),
    ];
  const resolved = execCommand?.resolved;
  if (typeof resolved === "string") {
    return execCommand?.executable === false
      ? [forYou("Make it executable.", run("chmod", "+x", {}, resolved))]
      : [useProgram(facts, resolved, "Set its full path, so that PATH does not matter.")];
  }
  const program = exec?.program ?? named.replace(/^.*[\\/]/, "");
  const meant = Object.keys(INSTALL).find((known) => known !== program && isMisspelt(program, known));
  if (meant !== undefined) return [useProgram(facts, meant, `The name is misspelled: set it to ${meant}.`)];
  const install = INSTALL[exec?.tool ?? program];
  const profile = exec?.profile ?? profileInForce(facts.credentials);
  if (workloadOf(facts.evidence)?.kind === "pod")
    return [
      forYou(
        `Install ${program} in the container image: programs installed elsewhere do not exist there.`,
        ...(install?.kind === "document" ? [install] : []),
      ),
    ];
  return oneOf(
    ...(install === undefined ? [] : [forYou("Install it.", install)]),
    useProgram(facts, likelyPath(facts, program), "If it is installed, set its full path."),
    ...(profile === undefined
      ? []
      : useOurs(facts, profile, "Use kubectl-vouch in this context, which does not need the AWS CLI.")),
  );
}

/** Where another PATH finds it, or where krew installs our plugin. */
function likelyPath({ exec, execCommand, evidence }: Facts, program: string): string {
  const { HOME, KREW_ROOT = HOME && `${HOME}/.krew` } = knownValue(evidence.environment) ?? {};
  const inKrew = exec?.tool === "kubectl-vouch" && KREW_ROOT?.startsWith("/") === true;
  return execCommand?.resolvedForGui ?? (inKrew ? `${KREW_ROOT}/bin/kubectl-vouch` : `/PATH/TO/${program}`);
}

/** Where to get each plugin. */
const INSTALL: Readonly<Record<string, Action>> = {
  aws: documentOf("https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html"),
  "aws-iam-authenticator": documentOf("https://github.com/kubernetes-sigs/aws-iam-authenticator/releases"),
  "kubectl-vouch": kubectl("krew install vouch"),
  vouch: documentOf("https://vouch.sh/docs"),
};
