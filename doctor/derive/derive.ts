import { type DoctorEvidence, failureOf, knownValue } from "../evidence/evidence.ts";
import { accessRequestOf } from "./authorization/access-request.ts";
import { authorize } from "./authorization/authorization.ts";
import type { Facts } from "./facts.ts";
import { errorSources } from "./failure/error-sources.ts";
import { saidByCall } from "./failure/pasted-error.ts";
import { readSymptom, type Symptom } from "./failure/symptom.ts";
import { credentialSource } from "./identity/aws-environment.ts";
import { type Principal, principalOf, principalOfArn } from "./identity/principal.ts";
import { effectiveContext } from "./kubeconfig/effective-context.ts";
import { execBlock } from "./kubeconfig/exec-block.ts";
import { readKubeconfigEvidence } from "./kubeconfig/kubeconfig-reading.ts";
import { authenticationModeOf } from "./mapping/authentication-mode.ts";
import { mappingOf } from "./mapping/mapping.ts";
import { connectionOf } from "./network/connection.ts";

/** Computes what follows from the evidence. Pure: the same evidence gives the same facts, anywhere. */
export function deriveFacts(evidence: DoctorEvidence): Facts {
  const symptom = readSymptom(evidence);
  const principal = principalAsked(evidence, symptom);
  const kubeconfig = readKubeconfigEvidence(evidence);
  const context = effectiveContext(evidence, kubeconfig);
  const exec = execBlock(context);
  const mode = authenticationModeOf(evidence);
  const mapping = mappingOf(evidence, principal, mode);
  const attempt = accessRequestOf(evidence, symptom);
  const gathered = Date.parse(evidence.gatheredAt ?? "");
  return {
    evidence,
    now: Number.isNaN(gathered) ? undefined : gathered,
    symptom,
    said: saidByCall(evidence),
    client: knownValue(evidence.client),
    kubeconfig,
    context,
    exec,
    execCommand: knownValue(evidence.execCommand),
    pluginRun: knownValue(evidence.pluginRun),
    credentials: credentialSource({ evidence, exec }),
    refusals: errorSources(evidence, symptom),
    token: knownValue(evidence.token),
    clocks: knownValue(evidence.clocks),
    vouch: knownValue(evidence.vouch),
    cluster: knownValue(evidence.cluster)?.cluster,
    connection: connectionOf({ evidence, symptom, context }),
    principal,
    mode,
    mapping,
    attempt,
    authorization: authorize({ evidence, attempt, mapping, symptom }),
  };
}

/**
 * Whom the question is about: somebody named, else the caller. Who the caller is says AWS; where nobody asked AWS, the
 * cluster does, which lets nobody in without asking it.
 */
function principalAsked(evidence: DoctorEvidence, symptom: Symptom | undefined): Principal | undefined {
  const own = callerOf(evidence, symptom);
  const asked = evidence.question?.principal;
  if (asked === undefined) return own;
  const other = principalOfArn(asked);
  return own?.canonicalArn === other?.canonicalArn ? own : other;
}

function callerOf(evidence: DoctorEvidence, symptom: Symptom | undefined): Principal | undefined {
  const caller = knownValue(evidence.callerIdentity);
  if (caller !== undefined) return principalOf(caller);
  if (failureOf(evidence.callerIdentity) !== undefined) return undefined;
  const review = knownValue(evidence.selfSubjectReview)?.status.userInfo;
  const refused = symptom?.kind === "forbidden" ? symptom.user : undefined;
  const [arn = review?.username] = review?.extra?.["arn"] ?? [];
  const isSame = refused === undefined || refused === review?.username;
  const told = isSame ? arn : refused;
  return told === undefined ? undefined : principalOfArn(told);
}
