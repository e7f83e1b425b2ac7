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

const ENDPOINT_IN_TEXT = /https:\/\/[0-9A-Fa-f]{32}\.[\w.-]+/g;

/**
 * The cluster that a command for the context most likely needs: as `targetCluster` knows it, else by any other sign that
 * points to one only. For commands, whose reader sees the name; nothing is concluded from it.
 */
export function likelyTarget(facts: TargetCase): Target {
  const known = targetCluster(facts);
  const signs = lazy<{ readonly named: Target | undefined }>({ named: () => namedElsewhere(facts) });
  return lazy<Target>({
    name: () =>
      firstOf(
        () => known.name,
        () => signs.named?.name,
        () => nameInEks(facts),
        () => plainName(facts),
      ),
    region: () =>
      firstOf(
        () => known.region,
        () => signs.named?.region,
        () => endpointRegionIn(facts),
        () => regionMeant(facts),
      ),
  });
}

/** By its ARN: the context that was asked for, what AWS said, and files that no context is read from. */
function namedElsewhere({ evidence, context }: TargetCase): NamedCluster | undefined {
  const arnIn = (texts: readonly string[]) =>
    clusterByName(only(texts.flatMap((text) => text.match(ARN_IN_TEXT) ?? [])));
  return (
    clusterByName(contextAsked(evidence)) ??
    arnIn(words(evidence)) ??
    (context === undefined ? arnIn(kubeconfigTexts(evidence)) : undefined)
  );
}

/** What the failed call, the plugin and AWS said. */
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

/** The cluster for which STS accepts the token, that of the entries, or the only one there is. */
function nameInEks({ evidence }: TargetCase): string | undefined {
  const signed = (knownValue(evidence.tokenNames) ?? []).filter(({ accepted }) => accepted);
  const entries = knownValue(evidence.accessEntryDetails) ?? [];
  return (
    only(signed.map(({ name }) => name)) ??
    only(entries.flatMap(({ accessEntry: { clusterName } }) => clusterName ?? [])) ??
    only(knownValue(evidence.clusters)?.clusters ?? [])
  );
}

/** What the entry or the context is called, unless EKS knows no cluster of that name. */
function plainName({ evidence, context }: TargetCase): string | undefined {
  const list = knownValue(evidence.clusters)?.clusters;
  return [context?.clusterName, context?.name].find(
    (name) => name !== undefined && isClusterName(name) && list?.includes(name) !== false,
  );
}

function endpointRegionIn({ evidence, context }: TargetCase): string | undefined {
  const host = knownValue(evidence.network)?.host;
  const texts = context === undefined ? kubeconfigTexts(evidence) : [];
  const endpoints = texts.flatMap((text) => text.match(ENDPOINT_IN_TEXT) ?? []);
  return (
    endpointRegion(host && `https://${host}`) ??
    only(endpoints.flatMap((endpoint) => endpointRegion(endpoint) ?? []))
  );
}

/** Where the plugin looks, and AWS's tools do. */
function regionMeant(facts: TargetCase): string | undefined {
  const profiles = [...awsProfiles(facts.evidence).byName.values()];
  return (
    configuredRegion(facts) ??
    knownValue(facts.evidence.token)?.region ??
    only(profiles.flatMap(({ settings }) => settings["region"] ?? []))
  );
}

/** The value that is the same every time. */
function only(values: readonly string[]): string | undefined {
  const [value, ...others] = new Set(values);
  return others.length === 0 ? value : undefined;
}
