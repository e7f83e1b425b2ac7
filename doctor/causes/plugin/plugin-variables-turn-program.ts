import { kubectl, setVariable, unsetVariables } from "../../../token/command/command.ts";
import { type IgnoredVariable, ignoredVariables } from "../../../token/endpoints/aws-endpoint.ts";
import { shownValue } from "../../../token/endpoints/endpoints.ts";
import { type Conclusion, type Description, defineRule, doesNotApply, found } from "../../check/rule.ts";
import type { Facts } from "../../derive/facts.ts";
import { isVouchBlock } from "../../derive/identity/credential-source.ts";
import type { ExecBlock } from "../../derive/kubeconfig/exec-block.ts";
import { knownValue } from "../../evidence/evidence.ts";
import { type Fix, forYou } from "../../fixes/fix.ts";
import { setExecEnv } from "../../fixes/kubeconfig-commands.ts";
import { errorConclusion } from "../shared/error-rule.ts";
import { failsWithout } from "../shared/refuted.ts";

/**
 * Variables that can inject code into a program, or make it trust another CA. Source: krew/PACKAGING.md, "Hostile environment".
 */
const CODE_INJECTION = /^(?:NODE_|LD_|DYLD_)|^OPENSSL_(?:CONF|MODULES|ENGINES)$/;

/** A common Node.js variable that does not inject code. */
const HARMLESS = new Set(["NODE_ENV"]);

const VERIFICATION = "NODE_TLS_REJECT_UNAUTHORIZED";

/** Our message when we refuse to run because certificates would not be verified. Source: plugin/cli.ts. */
const REFUSED =
  /NODE_TLS_REJECT_UNAUTHORIZED=0 would (?:disable certificate verification|switch off the check of certificates)/;

/** Variables that would determine where our secrets are sent. Source: token/SECURITY.md, "What steers it". */
const STEERING =
  /^(?:AWS_ENDPOINT_URL(?:_STS|_EKS|_IAM|_SSO|_SSO_OIDC|_SIGNIN)?|(?:AWS|VOUCH)_CA_BUNDLE|VOUCH_SERVER|HOME|XDG_(?:STATE|DATA|CONFIG|RUNTIME)_(?:HOME|DIR)|(?:LOCAL)?APPDATA|DBUS_SESSION_BUS_ADDRESS)$/;

/** The fields of the record that are needed to mint a token. */
const RECORDED = ["vouchCaBundle", "awsCaBundle", "stsEndpoint"] as const;

export const pluginVariablesTurnProgram = defineRule({
  causes: [
    {
      id: "V6",
      what: "A variable could inject code into the program that signs tokens; it was removed or is still set.",
      seen: "a crash, another certificate store, untrusted code",
      remedy: "Unset the variable; for your company's CA, set VOUCH_CA_BUNDLE at login instead.",
    },
  ],
  expects: "no variable makes the exec plugin load untrusted code",
  check(_, seen) {
    const { exec } = seen;
    const error = seen.credentialErrors?.match(REFUSED);
    if (exec === undefined)
      return error === undefined
        ? doesNotApply("the user entry does not have an exec block")
        : found(errorConclusion(error, describeRefusal));
    const written = Object.keys(exec.env).filter(canInjectCode);
    const dropped = Object.keys(knownValue(seen.evidence.droppedEnvironment) ?? {}).filter(canInjectCode);
    return found(
      ...(error === undefined ? [] : [errorConclusion(error, describeRefusal)]),
      ...(written.length === 0 ? [] : [warning((facts) => describeEntry(facts, written))]),
      ...(dropped.length === 0 ? [] : [warning(() => describeEnvironment(dropped))]),
      ...(exec.tool === "kubectl-vouch" ? ignored(seen, exec) : []),
    );
  },
  refuted: (seen) =>
    failsWithout(
      seen,
      ({ environment }) => environment !== undefined && environment[VERIFICATION] === undefined,
    ),
});

function canInjectCode(name: string): boolean {
  return CODE_INJECTION.test(name) && !HARMLESS.has(name);
}

function warning(describe: (facts: Facts) => Description): Conclusion {
  return { severity: "warning", confidence: "certain", describe };
}

/**
 * The variables that we ignore: all such variables of the entry, and those of the environment that differ from the record of a
 * Vouch session.
 */
function ignored({ evidence, targetCluster }: Facts, exec: ExecBlock): Conclusion[] {
  const written = Object.keys(exec.env).filter((name) => STEERING.test(name));
  const endpoints = isVouchBlock(exec) ? knownValue(evidence.vouch)?.endpoints : undefined;
  const outer = (endpoints && knownValue(evidence.environment)) ?? {};
  const variables =
    endpoints === undefined
      ? []
      : ignoredVariables(outer, { endpoints, region: targetCluster.region ?? "", keys: RECORDED });
  const differing = variables.filter(({ name }) => !written.includes(name));
  return [
    ...(written.length === 0 ? [] : [warning((facts) => describeSteering(facts, written))]),
    ...(differing.length === 0 ? [] : [warning((facts) => describeDiffering(facts, differing))]),
  ];
}

function describeRefusal(facts: Facts): Description {
  const name = VERIFICATION;
  const isWritten = facts.exec?.env[name] !== undefined;
  return {
    summary: `${name}=0 is set, but kubectl-vouch does not run without certificate verification.`,
    evidence: [],
    falsifiedBy: "The plugin fails in the same way without the variable.",
    fixes: [
      forYou(
        "Remove the variable. For your company's CA, set VOUCH_CA_BUNDLE when you log in.",
        isWritten ? setExecEnv(facts, { [name]: undefined }) : unsetVariables(name),
      ),
    ],
  };
}

function describeEntry(facts: Facts, names: readonly string[]): Description {
  const { env = {}, program } = facts.exec ?? {};
  return {
    summary: `The kubeconfig entry sets ${names.join(", ")}, which can make ${program} run untrusted code.`,
    evidence: names.map((name) => `exec.env sets ${name}=${env[name]}.`),
    falsifiedBy: "This setting is intentional.",
    fixes: [removeFromEntry(facts, `Remove ${names.join(", ")} from the entry.`, names)],
  };
}

function removeFromEntry(facts: Facts, description: string, names: readonly string[]): Fix {
  return forYou(description, setExecEnv(facts, Object.fromEntries(names.map((name) => [name, undefined]))));
}

function describeEnvironment(names: readonly string[]): Description {
  const forCa = forYou(
    "For your company's CA, set the variable that login reads, then log in again.",
    setVariable("VOUCH_CA_BUNDLE", "PEM_FILE"),
  );
  return {
    summary: `The environment sets ${names.join(", ")}, which kubectl-vouch removes but other plugins might not.`,
    evidence: names.map((name) => `The launcher removed ${name} from the environment.`),
    falsifiedBy: "This setting is intentional and meant for other programs.",
    fixes: [
      forYou(`Unset ${names.join(", ")}.`, unsetVariables(...names)),
      ...(names.includes("NODE_EXTRA_CA_CERTS") ? [forCa] : []),
    ],
  };
}

function describeSteering(facts: Facts, names: readonly string[]): Description {
  const { env = {} } = facts.exec ?? {};
  return {
    summary: `The kubeconfig entry sets ${names.join(", ")}, but a kubeconfig cannot choose where kubectl-vouch sends its secrets.`,
    evidence: names.map((name) => `exec.env sets ${name}=${shownValue(env[name] ?? "")}.`),
    falsifiedBy: "This setting is intentional.",
    fixes: [
      removeFromEntry(
        facts,
        `Find out who made this setting, and remove ${names.join(", ")} from the entry.`,
        names,
      ),
    ],
  };
}

function describeDiffering({ vouch }: Facts, variables: readonly IgnoredVariable[]): Description {
  const names = variables.map(({ name }) => name).join(", ");
  return {
    summary: `The environment differs from this session's login (${names}); kubectl-vouch uses what the login recorded.`,
    evidence: variables.map(
      ({ name, value, recorded }) =>
        `${name} is ${shownValue(value)}; the login recorded ${recorded ?? "the default (AWS's own hosts and the built-in root CAs)"}.`,
    ),
    falsifiedBy: "The environment is meant for other programs.",
    fixes: [
      forYou(
        "To use the values in the environment, log in again.",
        kubectl("vouch login", { server: vouch?.server }),
      ),
    ],
  };
}
