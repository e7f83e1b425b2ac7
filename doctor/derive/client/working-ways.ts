import type { DoctorEvidence, Observation } from "../../evidence/evidence.ts";
import { type Principal, principalOf } from "../identity/principal.ts";
import { commandWords, flagValue } from "../kubeconfig/command-words.ts";
import { contextAsked } from "../kubeconfig/effective-context.ts";

/** How the very same works, beside the way that fails. */
export interface WorkingWay {
  readonly observation: Observation;
  /** Whose credentials it uses, where that is known. */
  readonly principal: Principal | undefined;
  /** Whether these are the caller's own; undefined: one of them is not known. */
  readonly isSameIdentity: boolean | undefined;
}

/** The other observations in which it works; those of another context may be of another cluster, and say nothing. */
export function workingWays(facts: {
  readonly evidence: DoctorEvidence;
  readonly principal: Principal | undefined;
}): readonly WorkingWay[] {
  return (facts.evidence.otherObservations ?? [])
    .filter(({ exitCode, context, command }) => {
      const named = context ?? flagValue(commandWords(command ?? ""), "--context", "--kube-context");
      return exitCode === 0 && (named === undefined || named === contextAsked(facts.evidence));
    })
    .map((observation) => {
      const { callerIdentity } = observation;
      const principal = callerIdentity && principalOf(callerIdentity);
      const own = principal && facts.principal;
      return {
        observation,
        principal,
        isSameIdentity: own && own.canonicalArn.toLowerCase() === principal.canonicalArn.toLowerCase(),
      };
    });
}

/** `It works from the terminal, as arn:….` */
export function sayWorks({ observation: { differs }, principal }: WorkingWay): string {
  return `It works ${/^[A-Z]/.test(differs) ? `for ${differs}` : differs}${principal === undefined ? "" : `, as ${principal.arn}`}.`;
}

/** Variables that steer how EKS is reached. */
const STEERING = /^(?:AWS_|KUBE(?:CONFIG|RC)$|(?:HTTPS?|ALL|NO)_PROXY$|HOME$|PATH$|SSL_CERT_)/i;

/** What a way that works has otherwise than the failing one, in sentences without any value that could be a secret. */
export function differencesOf(
  { observation }: WorkingWay,
  own: {
    readonly client: Observation["client"];
    readonly environment: Observation["environment"];
    readonly kubeconfig: Observation["kubeconfig"];
  },
): string[] {
  const { client, environment, kubeconfig } = observation;
  return [
    ...(environment && own.environment ? differentVariables(own.environment, environment) : []),
    ...(["version", "path"] as const).flatMap((field) => {
      const [here, there] = [own.client?.[field], client?.[field]];
      const isSameProgram = own.client?.name === client?.name;
      return isSameProgram && here !== undefined && there !== undefined && here !== there
        ? [`${client?.name}'s ${field} is ${here} where it fails, and ${there} where it works.`]
        : [];
    }),
    ...differentFiles(own.kubeconfig, kubeconfig),
  ];
}

function differentVariables(
  here: Readonly<Record<string, string>>,
  there: Readonly<Record<string, string>>,
): string[] {
  const names = [...new Set([...Object.keys(here), ...Object.keys(there)])].filter((name) =>
    STEERING.test(name),
  );
  return names.sort().flatMap((name) => {
    const [one, other] = [here[name] ?? "", there[name] ?? ""];
    if (one === other) return [];
    if (one === "") return [`${name} is set only where it works.`];
    return [other === "" ? `${name} is set only where it fails.` : `${name} is another where it works.`];
  });
}

function differentFiles(here: Observation["kubeconfig"], there: Observation["kubeconfig"]): string[] {
  if (here === undefined || there === undefined) return [];
  const paths = (files: typeof here.files) => files.map(({ path }) => path).join(", ");
  const [one, other] = [paths(here.files), paths(there.files)];
  return one === other ? [] : [`It reads ${one} where it fails, and ${other} where it works.`];
}
