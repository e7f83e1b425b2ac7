import type { ProbedPart } from "../evidence/parts.ts";
import {
  accessEntriesProbe,
  accessEntryDetailsProbe,
  associatedPoliciesProbe,
  clusterProbe,
  clustersProbe,
  identityProvidersProbe,
  openIdConnectProvidersProbe,
  roleProbe,
} from "./aws/aws.ts";
import { callerIdentityProbe, tokenNamesProbe } from "./aws/caller.ts";
import { apiServerProbe } from "./cluster/api-server.ts";
import {
  accessReviewsProbe,
  awsAuthProbe,
  namespacesProbe,
  rbacProbe,
  selfSubjectReviewProbe,
} from "./cluster/kube.ts";
import {
  awsConfigProbe,
  awsCredentialsProbe,
  droppedEnvironmentProbe,
  environmentProbe,
  kubeconfigProbe,
} from "./local/files.ts";
import { pluginRunProbe, tokenProbe } from "./local/plugin-run.ts";
import { clientProbe, execCommandProbe } from "./local/programs.ts";
import { sourceFilesProbe } from "./local/source-files.ts";
import { securityKeysProbe, vouchProbe } from "./local/vouch.ts";
import { clocksProbe } from "./network/clocks.ts";
import { networkProbe } from "./network/network.ts";
import type { Probe } from "./probe.ts";

/** One for each part that can be gathered, in the order in which they start. */
const PROBES: { readonly [K in ProbedPart]: Probe<K> } = {
  kubeconfig: kubeconfigProbe,
  environment: environmentProbe,
  droppedEnvironment: droppedEnvironmentProbe,
  awsConfig: awsConfigProbe,
  awsCredentials: awsCredentialsProbe,
  vouch: vouchProbe,
  securityKeys: securityKeysProbe,
  clocks: clocksProbe,
  client: clientProbe,
  execCommand: execCommandProbe,
  sourceFiles: sourceFilesProbe,
  pluginRun: pluginRunProbe,
  token: tokenProbe,
  callerIdentity: callerIdentityProbe,
  tokenNames: tokenNamesProbe,
  network: networkProbe,
  apiServer: apiServerProbe,
  cluster: clusterProbe,
  clusters: clustersProbe,
  accessEntries: accessEntriesProbe,
  accessEntryDetails: accessEntryDetailsProbe,
  associatedPolicies: associatedPoliciesProbe,
  identityProviders: identityProvidersProbe,
  role: roleProbe,
  openIdConnectProviders: openIdConnectProvidersProbe,
  awsAuth: awsAuthProbe,
  selfSubjectReview: selfSubjectReviewProbe,
  accessReviews: accessReviewsProbe,
  namespaces: namespacesProbe,
  rbac: rbacProbe,
};

export const ALL_PROBES: readonly Probe[] = Object.values(PROBES);

/** Probes about the machine, not about a cluster. */
export const MACHINE_PROBES: readonly Probe[] = [
  kubeconfigProbe,
  environmentProbe,
  droppedEnvironmentProbe,
  awsConfigProbe,
  awsCredentialsProbe,
  vouchProbe,
  securityKeysProbe,
  clocksProbe,
];
