import type { ProbedPart } from "../evidence/parts.ts";
import * as aws from "./aws/aws.ts";
import { callerIdentityProbe, tokenNamesProbe } from "./aws/caller.ts";
import { apiServerProbe } from "./cluster/api-server.ts";
import * as kube from "./cluster/kube.ts";
import * as files from "./local/files.ts";
import { pluginRunProbe, tokenProbe } from "./local/plugin-run.ts";
import { clientProbe, execCommandProbe } from "./local/programs.ts";
import { sourceFilesProbe } from "./local/source-files.ts";
import { securityKeysProbe, vouchProbe } from "./local/vouch.ts";
import { clocksProbe } from "./network/clocks.ts";
import { networkProbe } from "./network/network.ts";
import type { Probe } from "./probe.ts";

/** One for each part that can be gathered, in the order in which they start. */
const PROBES: { readonly [K in ProbedPart]: Probe<K> } = {
  kubeconfig: files.kubeconfigProbe,
  environment: files.environmentProbe,
  awsConfig: files.awsConfigProbe,
  awsCredentials: files.awsCredentialsProbe,
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
  cluster: aws.clusterProbe,
  clusters: aws.clustersProbe,
  accessEntries: aws.accessEntriesProbe,
  accessEntryDetails: aws.accessEntryDetailsProbe,
  associatedPolicies: aws.associatedPoliciesProbe,
  identityProviders: aws.identityProvidersProbe,
  role: aws.roleProbe,
  openIdConnectProviders: aws.openIdConnectProvidersProbe,
  awsAuth: kube.awsAuthProbe,
  selfSubjectReview: kube.selfSubjectReviewProbe,
  accessReviews: kube.accessReviewsProbe,
  namespaces: kube.namespacesProbe,
  rbac: kube.rbacProbe,
};

export const ALL_PROBES: readonly Probe[] = Object.values(PROBES);

/** Probes about the machine, not about a cluster. */
export const MACHINE_PROBES: readonly Probe[] = [
  files.kubeconfigProbe,
  files.environmentProbe,
  files.awsConfigProbe,
  files.awsCredentialsProbe,
  vouchProbe,
  securityKeysProbe,
  clocksProbe,
];
