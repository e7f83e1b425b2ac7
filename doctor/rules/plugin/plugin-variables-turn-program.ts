import { setVariable, unsetVariables } from "../../../token/command/command.ts";
import { shownValue } from "../../../token/endpoints/endpoint-variables.ts";
import { type IgnoredVariable, ignoredVariables } from "../../../token/endpoints/ignored-variables.ts";
import { defineLegacyRule, type LegacyFinding } from "../../check/legacy-rule.ts";
import type { Facts } from "../../derive/facts.ts";
import { type CredentialError, refusalIn } from "../../derive/failure/error-sources.ts";
import type { ExecBlock } from "../../derive/kubeconfig/exec-block.ts";
import { targetCluster } from "../../derive/target/target-cluster.ts";
import { knownValue } from "../../evidence/evidence.ts";
import type { Fix } from "../../fixes/fix.ts";
import { setExecEnv } from "../../fixes/kubeconfig-commands.ts";
import { kubectl } from "../../fixes/kubectl.ts";

/**
 * Variables that make a program load or run something else, or trust somebody else.
 * Source: krew/PACKAGING.md, "Hostile environment".
 */
const TURNING = /^(?:NODE_|LD_|DYLD_)|^OPENSSL_(?:CONF|MODULES|ENGINES)$/;

/** Of Node's variables, one that is everywhere and turns nothing. */
const HARMLESS = new Set(["NODE_ENV"]);

/** How we refuse to run where certificates would not be checked. Source: plugin/cli.ts. */
const REFUSED = /NODE_TLS_REJECT_UNAUTHORIZED=0 would switch off the check of certificates/;

export const pluginVariablesTurnProgram = defineLegacyRule({
  code: "plugin-variables-turn-program",
  stage: "plugin",
  causes: ["V6"],
  expects: "no variable makes the exec plugin load foreign code",
  needs: ["exec"],
  judge(facts) {
    const { exec, evidence } = facts;
    const written = Object.keys(exec.env).filter(isTurning);
    const dropped = Object.keys(knownValue(evidence.droppedEnvironment) ?? {}).filter(isTurning);
    const refusal = refusalIn(facts, REFUSED);
    return [
      ...(refusal === undefined ? [] : [refusedToRun(facts, refusal)]),
      ...(written.length === 0 ? [] : [inEntry(facts, exec, written)]),
      ...(dropped.length === 0 ? [] : [inEnvironment(dropped)]),
      ...ignored(facts, exec),
    ];
  },
});

const BASE = { cause: "V6", stage: "plugin", severity: "warning", confidence: "certain" } as const;

function refusedToRun(facts: Facts, { severity, confidence, said }: CredentialError): LegacyFinding {
  const isWritten = facts.exec?.env["NODE_TLS_REJECT_UNAUTHORIZED"] !== undefined;
  return {
    ...BASE,
    severity,
    confidence,
    summary:
      "NODE_TLS_REJECT_UNAUTHORIZED=0 is set, and kubectl-vouch does not run without checking certificates.",
    evidence: [said],
    falsifiedBy: "Without the variable, the plugin fails in the same way.",
    fixes: [
      {
        audience: "you",
        description:
          "Take the variable away; a certificate authority of your company goes into VOUCH_CA_BUNDLE at login.",
        actions: [
          isWritten
            ? setExecEnv(facts, { NODE_TLS_REJECT_UNAUTHORIZED: undefined })
            : unsetVariables("NODE_TLS_REJECT_UNAUTHORIZED"),
        ],
      },
    ],
  };
}

function inEntry(facts: Facts, { env, program }: ExecBlock, names: readonly string[]): LegacyFinding {
  return {
    ...BASE,
    summary: `The kubeconfig entry sets ${names.join(", ")}, which can make ${program} run foreign code.`,
    evidence: names.map((name) => `exec.env has ${name}=${env[name]}.`),
    falsifiedBy: "You have put them there on purpose.",
    fixes: [
      {
        audience: "you",
        description: "Take them out of the entry.",
        actions: [setExecEnv(facts, Object.fromEntries(names.map((name) => [name, undefined])))],
      },
    ],
  };
}

function inEnvironment(names: readonly string[]): LegacyFinding {
  const forAuthority: Fix = {
    audience: "you",
    description:
      "For a certificate authority of your company use the variable that login reads, and log in with it.",
    actions: [setVariable("VOUCH_CA_BUNDLE", "PEM_FILE")],
  };
  return {
    ...BASE,
    summary: `The environment has ${names.join(", ")}; kubectl-vouch does without, other plugins may not.`,
    evidence: names.map((name) => `The launcher kept ${name} from the program.`),
    falsifiedBy: "You have set them on purpose, for other programs.",
    fixes: [
      { audience: "you", description: "Unset them.", actions: [unsetVariables(...names)] },
      ...(names.includes("NODE_EXTRA_CA_CERTS") ? [forAuthority] : []),
    ],
  };
}

/** Variables that would say where our secrets go. Source: token/SECURITY.md, "What steers it". */
const STEERING =
  /^(?:AWS_ENDPOINT_URL(?:_STS|_EKS|_IAM)?|(?:AWS|VOUCH)_CA_BUNDLE|VOUCH_SERVER|HOME|XDG_(?:STATE|DATA|CONFIG|RUNTIME)_(?:HOME|DIR)|(?:LOCAL)?APPDATA|DBUS_SESSION_BUS_ADDRESS)$/;

/** Of the record, what minting a token needs. */
const RECORDED = ["vouchCaBundle", "awsCaBundle", "stsEndpoint"] as const;

/** What we do not go by: of the entry all such variables, of the environment those that differ from the session's record. */
function ignored(facts: Facts, { tool, env }: ExecBlock): LegacyFinding[] {
  if (tool !== "kubectl-vouch") return [];
  const endpoints = knownValue(facts.evidence.vouch)?.endpoints;
  const outer = knownValue(facts.evidence.environment) ?? {};
  const region = targetCluster(facts).region ?? "";
  const written = Object.keys(env).filter((name) => STEERING.test(name));
  const differing =
    endpoints === undefined
      ? []
      : ignoredVariables(outer, { endpoints, region, keys: RECORDED }).filter(
          ({ name }) => !written.includes(name),
        );
  return [
    ...(written.length === 0 ? [] : [steeringEntry(facts, env, written)]),
    ...(differing.length === 0 ? [] : [differingEnvironment(facts, differing)]),
  ];
}

function steeringEntry(facts: Facts, env: ExecBlock["env"], names: readonly string[]): LegacyFinding {
  return {
    ...BASE,
    summary: `The kubeconfig entry sets ${names.join(", ")}; a kubeconfig does not choose where kubectl-vouch sends its secrets.`,
    evidence: names.map((name) => `exec.env has ${name}=${shownValue(env[name] ?? "")}.`),
    falsifiedBy: "You have put them there on purpose.",
    fixes: [
      {
        audience: "you",
        description: "Find out who put them there, and take them out of the entry.",
        actions: [setExecEnv(facts, Object.fromEntries(names.map((name) => [name, undefined])))],
      },
    ],
  };
}

function differingEnvironment(facts: Facts, variables: readonly IgnoredVariable[]): LegacyFinding {
  const names = variables.map(({ name }) => name);
  return {
    ...BASE,
    summary: `The environment has ${names.join(", ")}, which the login of this session did not; kubectl-vouch goes by the login.`,
    evidence: variables.map(
      ({ name, value, recorded }) =>
        `${name} is ${shownValue(value)}; on record is ${recorded ?? "the usual: AWS's own hosts, and the built-in roots"}.`,
    ),
    falsifiedBy: "They are meant for other programs.",
    fixes: [
      {
        audience: "you",
        description: "If they are to count, log in with them.",
        actions: [kubectl("vouch login", { server: knownValue(facts.evidence.vouch)?.server })],
      },
    ],
  };
}

function isTurning(name: string): boolean {
  return TURNING.test(name) && !HARMLESS.has(name);
}
