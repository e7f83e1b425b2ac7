import { kubectl, unsetVariables } from "../../../token/command/command.ts";
import { type IgnoredVariable, ignoredVariables } from "../../../token/endpoints/aws-endpoint.ts";
import { shownValue } from "../../../token/endpoints/endpoints.ts";
import { type Conclusion, type Description, defineRule, doesNotApply, found } from "../../check/rule.ts";
import type { Facts } from "../../derive/facts.ts";
import { isVouchBlock } from "../../derive/identity/credential-source.ts";
import type { ExecBlock } from "../../derive/kubeconfig/exec-block.ts";
import { knownValue } from "../../evidence/evidence.ts";
import { forYou } from "../../fixes/fix.ts";
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
  cause: {
    id: "V6",
    what: "A variable disables certificate verification, injects code into the credential plugin, or redirects its secrets.",
    seen: "a crash, another certificate store, untrusted code",
    remedy: "Remove the variable; for your company's CA, set VOUCH_CA_BUNDLE at login instead.",
  },
  expects: "the entry does not set a variable that makes the exec plugin load untrusted code",
  check(_, seen) {
    const { exec } = seen;
    const error = seen.credentialErrors?.match(REFUSED);
    if (exec === undefined)
      return error === undefined
        ? doesNotApply("the user entry does not have an exec block")
        : found(errorConclusion(error, describeRefusal));
    const written = Object.keys(exec.env).filter(canInjectCode);
    const steering =
      exec.tool === "kubectl-vouch" ? Object.keys(exec.env).filter((name) => STEERING.test(name)) : [];
    return found(
      ...(error === undefined ? [] : [errorConclusion(error, describeRefusal)]),
      ...(written.length === 0 ? [] : [injecting(written, exec)]),
      ...(steering.length === 0 ? [] : [redirecting(steering)]),
      ...(seen.symptom?.kind === "plugin-failed" && isVouchBlock(exec) ? differing(seen) : []),
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

/** Where the environment is not what the failed plugin goes by, which is the record of its session. */
function differing({ evidence, targetCluster }: Facts): Conclusion[] {
  const endpoints = knownValue(evidence.vouch)?.endpoints;
  if (endpoints === undefined) return [];
  const env = knownValue(evidence.environment) ?? {};
  const region = targetCluster.region ?? "";
  const variables = ignoredVariables(env, { endpoints, region, keys: RECORDED });
  return variables.length === 0 ? [] : [warning((facts) => describeDiffering(facts, variables))];
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

function injecting(names: readonly string[], { program }: ExecBlock): Conclusion {
  const listed = names.join(", ");
  return inEntry(
    names,
    `The kubeconfig entry sets ${listed}, which can make ${program} run untrusted code.`,
    `Remove ${listed} from the entry.`,
  );
}

function redirecting(names: readonly string[]): Conclusion {
  const listed = names.join(", ");
  return inEntry(
    names,
    `The kubeconfig entry sets ${listed}, but a kubeconfig cannot choose where kubectl-vouch sends its secrets.`,
    `Find out who made this setting, and remove ${listed} from the entry.`,
  );
}

function inEntry(names: readonly string[], summary: string, removal: string): Conclusion {
  return warning((facts) => ({
    summary,
    evidence: names.map((name) => `exec.env sets ${name}=${shownValue(facts.exec?.env[name] ?? "")}.`),
    falsifiedBy: "This setting is intentional.",
    fixes: [forYou(removal, setExecEnv(facts, Object.fromEntries(names.map((name) => [name, undefined]))))],
  }));
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
