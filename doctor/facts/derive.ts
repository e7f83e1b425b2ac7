import { type DoctorEvidence, failureOf, known } from "../evidence.ts";
import { attemptOf } from "./attempt.ts";
import { authenticationModeOf } from "./authentication-mode.ts";
import { authorize } from "./authorization.ts";
import { credentialSource } from "./aws-environment.ts";
import { connectionOf } from "./connection.ts";
import { effectiveContext } from "./effective-context.ts";
import { execBlock } from "./exec-block.ts";
import type { Facts } from "./facts.ts";
import { readKubeconfigEvidence } from "./kubeconfig-reading.ts";
import { mappingOf } from "./mapping.ts";
import { type Principal, principalOf, principalOfArn } from "./principal.ts";
import { refusalWords } from "./refusal-words.ts";
import { saidByCall } from "./said.ts";
import { readSymptom, type Symptom } from "./symptom.ts";

/** Computes what follows from the evidence. Pure: the same evidence gives the same facts, anywhere. */
export function deriveFacts(evidence: DoctorEvidence): Facts {
  const symptom = readSymptom(evidence);
  const principal = principalAsked(evidence, symptom);
  const kubeconfig = readKubeconfigEvidence(evidence);
  const context = effectiveContext(evidence, kubeconfig);
  const exec = execBlock(context);
  const mode = authenticationModeOf(evidence);
  const mapping = mappingOf(evidence, principal, mode);
  const attempt = attemptOf(evidence, symptom);
  const gathered = Date.parse(evidence.gatheredAt ?? "");
  return {
    evidence,
    now: Number.isNaN(gathered) ? undefined : gathered,
    symptom,
    said: saidByCall(evidence),
    client: known(evidence.client),
    kubeconfig,
    context,
    exec,
    execCommand: known(evidence.execCommand),
    pluginRun: known(evidence.pluginRun),
    credentials: credentialSource({ evidence, exec }),
    refusals: refusalWords(evidence, symptom),
    token: known(evidence.token),
    clocks: known(evidence.clocks),
    vouch: known(evidence.vouch),
    cluster: known(evidence.cluster)?.cluster,
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
  const caller = known(evidence.callerIdentity);
  if (caller !== undefined) return principalOf(caller);
  if (failureOf(evidence.callerIdentity) !== undefined) return undefined;
  const review = known(evidence.selfSubjectReview)?.status.userInfo;
  const refused = symptom?.kind === "forbidden" ? symptom.user : undefined;
  const [arn = review?.username] = review?.extra?.["arn"] ?? [];
  const isSame = refused === undefined || refused === review?.username;
  const told = isSame ? arn : refused;
  return told === undefined ? undefined : principalOfArn(told);
}
