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

/** One for each part of the bundle. */
export const ALL_PROBES: readonly Probe[] = [
  ...MACHINE_PROBES,
  clientProbe,
  execCommandProbe,
  sourceFilesProbe,
  pluginRunProbe,
  tokenProbe,
  callerIdentityProbe,
  tokenNamesProbe,
  networkProbe,
  apiServerProbe,
  clusterProbe,
  clustersProbe,
  accessEntriesProbe,
  accessEntryDetailsProbe,
  associatedPoliciesProbe,
  identityProvidersProbe,
  roleProbe,
  openIdConnectProvidersProbe,
  awsAuthProbe,
  selfSubjectReviewProbe,
  accessReviewsProbe,
  namespacesProbe,
  rbacProbe,
];
