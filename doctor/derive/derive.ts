import { mappingOf } from "../eks/mapping/mapping.ts";
import { type Principal, principalOf, principalOfArn } from "../eks/principal/principal.ts";
import { type DoctorEvidence, failureOf, knownValue } from "../evidence/evidence.ts";
import { alwaysPrinted } from "../evidence/parts.ts";
import { lazy, watched } from "../evidence/reads.ts";
import { accessRequestOf } from "./authorization/access-request.ts";
import { authorize } from "./authorization/authorization.ts";
import { classifyDenial, deniedRequestOf } from "./authorization/denial.ts";
import { impersonationOf } from "./authorization/impersonation.ts";
import { clientOf } from "./client/client-kind.ts";
import { workingWays } from "./client/working-ways.ts";
import { authFailureConfidence, knowsWhoCallsAndHow } from "./confidence.ts";
import type { Facts } from "./facts.ts";
import { credentialErrors, errorSources, saidByCall } from "./failure/error-sources.ts";
import { readSymptom } from "./failure/read-symptom.ts";
import {
  canCause401,
  failsBeforeRequest,
  isOtherPrincipal,
  preAuthSeverity,
  type Symptom,
} from "./failure/symptom.ts";
import { cloud9Variables, credentialSource, neededFiles } from "./identity/credential-source.ts";
import { effectiveContext, readKubeconfigEvidence } from "./kubeconfig/effective-context.ts";
import { execBlock } from "./kubeconfig/exec-block.ts";
import { compareEndpoints, kubeconfigCluster } from "./kubeconfig/kubeconfig-cluster.ts";
import { pluginEnvironment } from "./kubeconfig/plugin-environment.ts";
import { staticToken } from "./kubeconfig/static-token.ts";
import { authenticationModeOf } from "./mapping/authentication-mode.ts";
import { awsAuthView } from "./mapping/aws-auth-view.ts";
import { isAboutNodes } from "./mapping/node-entry.ts";
import { possibleCreator } from "./mapping/possible-creator.ts";
import { connectionOf } from "./network/connection.ts";
import { ownNetwork } from "./network/own-network.ts";
import { commandTarget, eksCall, failedFixes } from "./target/eks-call.ts";
import { targetCluster } from "./target/target-cluster.ts";

/** What follows from the evidence. Pure: the same evidence gives the same facts, anywhere. */
export function deriveFacts(raw: DoctorEvidence): Facts {
  const evidence = watched(raw, alwaysPrinted);
  const facts: Facts = lazy<Facts>({
    evidence: () => evidence,
    now: () => timeOf(evidence),
    question: () => evidence.question,
    symptom: () => readSymptom(evidence),
    pastedError: () => saidByCall(evidence),
    errorSources: () => errorSources(evidence, facts.symptom),
    credentialErrors: () => credentialErrors(facts),
    isAboutNodes: () => isAboutNodes(evidence),
    eksCall: () => eksCall(facts),
    workingWays: () => workingWays(facts),
    failedFixes: () => failedFixes(facts),
    isOtherPrincipal: () => isOtherPrincipal(facts),
    preAuthSeverity: () => preAuthSeverity(facts),
    failsBeforeRequest: () => failsBeforeRequest(facts),
    canCause401: () => canCause401(facts),
    authFailureConfidence: () => authFailureConfidence(facts),
    client: () => clientOf(evidence),
    kubeconfig: () => readKubeconfigEvidence(evidence),
    context: () => effectiveContext(evidence, facts.kubeconfig),
    clusterEntry: () => kubeconfigCluster(facts.context),
    staticToken: () => staticToken(facts),
    exec: () => execBlock(facts.context, () => knownValue(evidence.environment)),
    execCommand: () => knownValue(evidence.execCommand),
    pluginRun: () => knownValue(evidence.pluginRun),
    pluginEnvironment: () => pluginEnvironment(facts),
    principal: () => principalAsked(evidence, () => facts.symptom),
    credentials: () => credentialSource(facts),
    neededFiles: () => neededFiles(facts),
    cloud9Variables: () => cloud9Variables(facts),
    token: () => knownValue(evidence.token),
    clocks: () => knownValue(evidence.clocks),
    vouch: () => knownValue(evidence.vouch),
    ownNetwork: () => ownNetwork(evidence),
    connection: () => connectionOf(facts),
    cluster: () => knownValue(evidence.cluster)?.cluster,
    endpoints: () => compareEndpoints(facts),
    targetCluster: () => targetCluster(facts),
    target: () => commandTarget(facts),
    authenticationMode: () => authenticationModeOf(facts),
    mapping: () => mappingOf(facts),
    awsAuthView: () => awsAuthView(facts),
    possibleCreator: () => possibleCreator(facts),
    knowsWhoCallsAndHow: () => knowsWhoCallsAndHow(facts),
    attempt: () => accessRequestOf(evidence, facts.symptom),
    impersonation: () => impersonationOf(facts),
    authorization: () => authorize(facts),
    deniedRequest: () => deniedRequestOf(facts),
    denial: () => classifyDenial(facts),
  });
  return facts;
}

function timeOf({ gatheredAt = "" }: DoctorEvidence): number | undefined {
  const time = Date.parse(gatheredAt);
  return Number.isNaN(time) ? undefined : time;
}

/**
 * Whom the question is about: a principal that it names, otherwise the caller. AWS says who the caller is; if AWS was not asked, the
 * cluster does, since it asks AWS before it lets anyone in.
 */
function principalAsked(evidence: DoctorEvidence, symptom: () => Symptom | undefined): Principal | undefined {
  const asked = evidence.question?.principal;
  if (asked !== undefined && isOtherPrincipal({ evidence })) return principalOfArn(asked);
  return callerOf(evidence, symptom);
}

function callerOf(evidence: DoctorEvidence, symptomOf: () => Symptom | undefined): Principal | undefined {
  const caller = knownValue(evidence.callerIdentity);
  if (caller !== undefined) return principalOf(caller);
  if (failureOf(evidence.callerIdentity) !== undefined) return undefined;
  const review = knownValue(evidence.selfSubjectReview)?.status.userInfo;
  const symptom = symptomOf();
  const refused = symptom?.kind === "forbidden" ? symptom.user : undefined;
  const [arn = review?.username] = review?.extra?.["arn"] ?? [];
  const isSame = refused === undefined || refused === review?.username;
  const told = isSame ? arn : refused;
  return told === undefined ? undefined : principalOfArn(told);
}
