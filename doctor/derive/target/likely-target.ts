import { type DoctorEvidence, failureOf, knownValue } from "../../evidence/evidence.ts";
import { firstOf, lazy } from "../../evidence/reads.ts";
import { configuredRegion } from "../identity/aws-environment.ts";
import { awsProfiles } from "../identity/aws-profile-chain.ts";
import { contextAsked } from "../kubeconfig/effective-context.ts";
import {
  clusterByName,
  endpointRegion,
  isClusterName,
  type NamedCluster,
  type TargetCase,
  type TargetCluster,
  targetCluster,
} from "./target-cluster.ts";

type Target = Pick<TargetCluster, "name" | "region">;

const ARN_IN_TEXT = /arn:[a-z-]+:eks:[a-z0-9-]+:\d{12}:cluster\/[0-9A-Za-z][\w-]*/g;

const ENDPOINT_IN_TEXT = /\b[0-9A-Fa-f]{32}\.[\w.-]+/g;

/** How the AWS CLI and eksctl are told; AWS's plugin is shown with its arguments where it fails. */
const FLAG_IN_TEXT = /--(?<flag>cluster-name|region)[= ]"?(?<value>[\w-]+)/g;

/**
 * The cluster that a command for the context most likely needs: as in `targetCluster`, otherwise from any other sign that points to a
 * single one. Only for commands, whose reader sees the name; nothing is concluded from it.
 */
export function likelyTarget(facts: TargetCase): Target {
  const known = targetCluster(facts);
  const signs = lazy<{ readonly named: Target | undefined }>({ named: () => namedElsewhere(facts) });
  return lazy<Target>({
    name: () =>
      firstOf(
        () => known.name,
        () => signs.named?.name,
        () => facts.evidence.question?.cluster,
        () => flagIn(facts, "cluster-name"),
        () => nameInEks(facts),
        () => plainName(facts),
      ),
    region: () =>
      firstOf(
        () => known.region,
        () => signs.named?.region,
        () => endpointRegionIn(facts),
        () => flagIn(facts, "region"),
        () => regionMeant(facts),
      ),
  });
}

/** By its ARN: in the name of the requested context, in errors, and in kubeconfig files from which no context can be read. */
function namedElsewhere({ evidence, context }: TargetCase): NamedCluster | undefined {
  const arnIn = (texts: readonly string[]) =>
    clusterByName(only(texts.flatMap((text) => text.match(ARN_IN_TEXT) ?? [])));
  return (
    clusterByName(contextAsked(evidence)) ??
    arnIn(words(evidence)) ??
    (context === undefined ? arnIn(kubeconfigTexts(evidence)) : undefined)
  );
}

/** The errors of the failed call, the plugin and AWS. */
function words(evidence: DoctorEvidence): string[] {
  const { question } = evidence;
  const refusals = Object.values(evidence).map((part) => failureOf(part as object) ?? "");
  return [
    question?.command ?? "",
    question?.stderr ?? "",
    knownValue(evidence.pluginRun)?.stderr ?? "",
  ].concat(refusals);
}

function kubeconfigTexts({ kubeconfig }: DoctorEvidence): string[] {
  const { files = [] } = knownValue(kubeconfig) ?? {};
  return files.map((file) => ("text" in file ? (file.text ?? "") : ""));
}

/** The cluster for which STS accepts the token, that of the access entries, or the only one in the list. */
function nameInEks({ evidence }: TargetCase): string | undefined {
  const signed = (knownValue(evidence.tokenNames) ?? []).filter(({ accepted }) => accepted);
  const entries = knownValue(evidence.accessEntryDetails) ?? [];
  return (
    only(signed.map(({ name }) => name)) ??
    only(entries.flatMap(({ accessEntry: { clusterName } }) => clusterName ?? [])) ??
    only(knownValue(evidence.clusters)?.clusters ?? [])
  );
}

/** The name of the cluster entry or of the context, unless EKS has no cluster with that name. */
function plainName({ evidence, context }: TargetCase): string | undefined {
  const list = knownValue(evidence.clusters)?.clusters;
  return [context?.clusterName, context?.name].find(
    (name) => name !== undefined && isClusterName(name) && list?.includes(name) !== false,
  );
}

/** What a command in the errors says. */
function flagIn({ evidence }: TargetCase, flag: "cluster-name" | "region"): string | undefined {
  const found = words(evidence).flatMap((text) => [...text.matchAll(FLAG_IN_TEXT)]);
  return only(found.flatMap(({ groups }) => (groups?.["flag"] === flag ? (groups["value"] ?? []) : [])));
}

function endpointRegionIn(facts: TargetCase): string | undefined {
  const host = knownValue(facts.evidence.network)?.host;
  return endpointRegion(host) ?? only(endpointsIn(facts).flatMap((one) => endpointRegion(one) ?? []));
}

/** The only host of an API server that the errors name, or the kubeconfig if it has no context. */
export function endpointNamed(facts: TargetCase): string | undefined {
  return only(endpointsIn(facts).filter((host) => endpointRegion(host) !== undefined));
}

function endpointsIn({ evidence, context }: TargetCase): string[] {
  const texts = [...words(evidence), ...(context === undefined ? kubeconfigTexts(evidence) : [])];
  return texts.flatMap((text) => text.match(ENDPOINT_IN_TEXT) ?? []);
}

/** The region that the plugin and AWS's tools use. */
function regionMeant(facts: TargetCase): string | undefined {
  const profiles = [...awsProfiles(facts.evidence).byName.values()];
  return (
    configuredRegion(facts) ??
    knownValue(facts.evidence.token)?.region ??
    only(profiles.flatMap(({ settings }) => settings["region"] ?? []))
  );
}

/** The value, if all are the same. */
function only(values: readonly string[]): string | undefined {
  const [value, ...others] = new Set(values);
  return others.length === 0 ? value : undefined;
}
