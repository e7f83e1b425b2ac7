import { type Principal, principalOf } from "../../eks/principal/principal.ts";
import type { DoctorEvidence, Observation } from "../../evidence/evidence.ts";
import {
  contextAsked,
  type EffectiveContext,
  effectiveContext,
  type KubeconfigReading,
  readKubeconfigEvidence,
} from "../kubeconfig/effective-context.ts";
import { steersEks } from "../kubeconfig/plugin-environment.ts";
import { asksApiServer } from "./api-call.ts";

/** Another way in which the same call works. */
export interface WorkingWay {
  readonly observation: Observation;
  /** Whose credentials it uses, if known. */
  readonly principal: Principal | undefined;
  /** Whether these are the caller's own; undefined: one of the two is not known. */
  readonly isSameIdentity: boolean | undefined;
  /** Whether it names its cluster, by context or server. Another machine may have another current context. */
  readonly namesCluster: boolean;
}

/** The failing case, with which other observations are compared. */
interface FailingCase {
  readonly evidence: DoctorEvidence;
  readonly principal: Principal | undefined;
  readonly kubeconfig: KubeconfigReading | undefined;
  readonly context: EffectiveContext | undefined;
}

/**
 * The other observations in which the call works today, for the same cluster. Those of another context may be about another
 * cluster, and say nothing; nor does a command that calls no API server.
 */
export function workingWays(facts: FailingCase): readonly WorkingWay[] {
  return (facts.evidence.otherObservations ?? [])
    .filter(
      (observation) =>
        observation.exitCode === 0 &&
        asksApiServer(observation.command ?? "") &&
        !IN_THE_PAST.test(observation.differs) &&
        isSameContext(facts, observation) &&
        isSameServer(facts, observation),
    )
    .map((observation) => {
      const { callerIdentity } = observation;
      const principal = callerIdentity && principalOf(callerIdentity);
      return {
        observation,
        principal,
        isSameIdentity: isSameIdentity(facts.principal, principal),
        namesCluster: namesCluster(facts, observation),
      };
    });
}

/**
 * Words for an observation of the past, since which an entry may have been deleted, or a role recreated. Only unambiguous ones:
 * `set before kubectl` and `earlier in PATH` are about today.
 */
const IN_THE_PAST =
  /\b(?:yesterday|ago|earlier(?! in\b)|previously|formerly|until|used to (?:work|be)|(?:work(?:ed|s)?|fine) before|before (?:the|an?|it) (?:\w+ )?(?:upgrade|update|change|migration|restart|outage)|last (?:time|night|week|month|year|[a-z]+day)|(?:this|in the) morning)\b/i;

function isSameIdentity(own: Principal | undefined, other: Principal | undefined): boolean | undefined {
  if (own === undefined || other === undefined) return undefined;
  // A recreated role has the same name, but another id.
  const isAnotherId =
    own.uniqueId !== undefined && other.uniqueId !== undefined && own.uniqueId !== other.uniqueId;
  return !isAnotherId && own.canonicalArn.toLowerCase() === other.canonicalArn.toLowerCase();
}

/** Without a context, kubectl uses the current one; an observation without a command is about the same context. */
function isSameContext(facts: FailingCase, observation: Observation): boolean {
  const [own, other] = [contextAsked(facts.evidence), contextAsked({ question: observation })];
  if (own === other || observation.kubeconfig !== undefined) return true;
  if (other === undefined && !/\b(?:kubectl|helm)\b/.test(observation.command ?? "")) return true;
  const current = facts.kubeconfig?.view?.currentContext?.name;
  return (own ?? current) === (other ?? current ?? own);
}

/** An observation with its own kubeconfig is about another cluster if the server differs. */
function isSameServer(facts: FailingCase, observation: Observation): boolean {
  const [here, there] = [serverOf(facts.context), ownServer(observation)];
  return here === undefined || there === undefined || here === there;
}

function namesCluster(facts: FailingCase, observation: Observation): boolean {
  if (observation.kubeconfig === undefined) return contextAsked({ question: observation }) !== undefined;
  return serverOf(facts.context) !== undefined && ownServer(observation) !== undefined;
}

/** The server in an observation's own kubeconfig. */
function ownServer(observation: Observation): unknown {
  return serverOf(effectiveContext({ question: observation }, readKubeconfigEvidence(observation)));
}

function serverOf(context: EffectiveContext | undefined): unknown {
  return context?.cluster?.body["server"];
}

/** `It works another way: from the terminal, as arn:….` */
export function describeWorkingWay({ observation: { differs }, principal }: WorkingWay): string {
  const what = differs.trim().replace(/\.$/, "");
  return `It works another way: ${what}${principal === undefined ? "" : `, as ${principal.arn}`}.`;
}

/** How a way that works differs from the failing one, in sentences without values that could be secrets. */
export function differencesOf(
  { observation }: WorkingWay,
  own: { readonly [P in "client" | "environment" | "kubeconfig"]: Observation[P] | undefined },
): string[] {
  const { client, environment, kubeconfig } = observation;
  return [
    ...(environment && own.environment ? differentVariables(own.environment, environment) : []),
    ...(["version", "path"] as const).flatMap((field) => {
      const [here, there] = [own.client?.[field], client?.[field]];
      const isSameProgram = own.client?.name === client?.name;
      return isSameProgram && here !== undefined && there !== undefined && here !== there
        ? [`${client?.name}'s ${field} is ${here} where it fails, but ${there} where it works.`]
        : [];
    }),
    ...differentFiles(own.kubeconfig, kubeconfig),
  ];
}

type Variables = NonNullable<Observation["environment"]>;

function differentVariables(here: Variables, there: Variables): string[] {
  const names = new Set([...Object.keys(here), ...Object.keys(there)].filter(steersEks));
  return [...names].sort().flatMap((name) => {
    const [one, other] = [valueIn(here, name), valueIn(there, name)];
    if (one === undefined || other === undefined || one === other) return [];
    if (one === "") return [`${name} is set only where it works.`];
    return [
      other === "" ? `${name} is set only where it fails.` : `${name} has a different value where it works.`,
    ];
  });
}

/** Undefined: not known. Every environment has a PATH; without it, this is only a part of one. */
function valueIn(variables: Variables, name: string): string | undefined {
  return variables[name] ?? (variables["PATH"] === undefined ? undefined : "");
}

function differentFiles(here: Observation["kubeconfig"], there: Observation["kubeconfig"]): string[] {
  if (here === undefined || there === undefined) return [];
  const paths = (files: typeof here.files) => files.map(({ path }) => path).join(", ");
  const [one, other] = [paths(here.files), paths(there.files)];
  return one === other ? [] : [`It reads ${one} where it fails, but ${other} where it works.`];
}
