import {
  type AccessRequest,
  type AccessReviewJson,
  type ApiServerAnswer,
  type DoctorEvidence,
  failureOf,
  knownValue,
  type Part,
} from "../../evidence/evidence.ts";
import { plainText } from "../pasted-text.ts";
import { saidByCall } from "./error-sources.ts";
import { isOtherPrincipal, type Symptom } from "./symptom.ts";
import { forbidden, symptomInWords } from "./symptom-words.ts";

/**
 * How the call failed, from the pasted error and what the API server answers now. Evidence about the whole call takes precedence
 * over the plugin or the network alone, and a failure over a success, since a fault may come and go. Undefined if nothing was
 * tried, or if it is not known whether the attempt is allowed.
 */
export function readSymptom(evidence: DoctorEvidence): Symptom | undefined {
  const exitCode = evidence.question?.exitCode;
  const words = saidByCall(evidence);
  const said = words === undefined ? undefined : symptomInWords(words);
  if (said !== undefined && said.kind !== "other") return said;
  // What the API server answers the caller says nothing about another user.
  if (isOtherPrincipal({ evidence })) return said;
  const answer = tried(evidence.apiServer);
  const live = answer === undefined ? undefined : answered(answer, evidence);
  if (live !== undefined && live.kind !== "none") return live;
  if (said !== undefined) return live?.kind === "none" ? said : (partial(evidence) ?? said);
  if (exitCode === 0) return { kind: "none", isProbed: false };
  if (answer === undefined) return partial(evidence);
  return exitCode === undefined ? live : undefined;
}

/** The value of a step of the call. That the step failed is known as well: then the part does not count as missing. */
function tried<T>(part: Part<T> | undefined): T | undefined {
  return failureOf(part) === undefined ? knownValue(part) : undefined;
}

function answered(answer: ApiServerAnswer, evidence: DoctorEvidence): Symptom | undefined {
  const { status, message = "", isKubernetes } = answer;
  if (status === 401) return { kind: "unauthorized" };
  if (status >= 200 && status < 300 && isKubernetes !== false) return reviewed(evidence);
  const text = `HTTP ${status}${message === "" ? "" : `: ${message}`}`;
  if (isKubernetes === false && (status === 403 || status === 407)) return { kind: "unreachable", text };
  return (status === 403 ? forbidden(plainText(message), message) : undefined) ?? { kind: "other", text };
}

/**
 * The server answered. Whether it accepts the identity is known once it says who the caller is; the rest depends on the attempt.
 * Undefined as long as it has not said so.
 */
function reviewed(evidence: DoctorEvidence): Symptom | undefined {
  const attempt = evidence.question?.attempt;
  const reviews = knownValue(evidence.accessReviews)?.filter(({ spec }) => attempt && isAbout(spec, attempt));
  // The user that the kubeconfig impersonates makes the call.
  const review = reviews?.find(({ as }) => as !== undefined) ?? reviews?.[0];
  if (review?.status.allowed === false) return reviewRefusal(evidence, review);
  if (knownValue(evidence.selfSubjectReview)?.status.userInfo.username === ANONYMOUS)
    return { kind: "other", text: `the API server identifies the caller as ${ANONYMOUS}` };
  if (!isIdentified(evidence)) return undefined;
  return attempt === undefined || review !== undefined ? { kind: "none", isProbed: true } : undefined;
}

function reviewRefusal(evidence: DoctorEvidence, { status: { reason = "" }, as }: AccessReviewJson): Symptom {
  return {
    kind: "forbidden",
    user: as ?? knownValue(evidence.selfSubjectReview)?.status.userInfo.username ?? "",
    attempt: evidence.question?.attempt,
    escalation: false,
    text: reason === "" ? "kubectl auth can-i answers no" : `kubectl auth can-i answers no: ${reason}`,
  };
}

/** Source: Kubernetes, "Authenticating", anonymous requests. */
const ANONYMOUS = "system:anonymous";

/**
 * Whether the API server identified the caller. Before 1.28 there is no SelfSubjectReview (404); there an answer to an access
 * review shows the same, since only authenticated callers can create one.
 */
function isIdentified({ selfSubjectReview, accessReviews }: DoctorEvidence): boolean {
  const username = knownValue(selfSubjectReview)?.status.userInfo.username ?? "";
  if (username !== "") return true;
  const refusal = failureOf(selfSubjectReview);
  const isUnasked = selfSubjectReview === undefined || (refusal !== undefined && /^HTTP 404\b/.test(refusal));
  return isUnasked && (knownValue(accessReviews) ?? []).length > 0;
}

function isAbout(spec: AccessReviewJson["spec"], attempt: AccessRequest): boolean {
  const asked: Partial<AccessRequest> = spec.resourceAttributes ?? spec.nonResourceAttributes ?? {};
  const fields = ["verb", "resource", "subresource", "namespace", "name", "path"] as const;
  const sameGroup = attempt.group === undefined || (asked.group ?? "") === attempt.group;
  return sameGroup && fields.every((field) => (asked[field] ?? "") === (attempt[field] ?? ""));
}

/** How the call failed by its steps, if the whole call was not seen. */
function partial(evidence: DoctorEvidence): Symptom | undefined {
  const why = failureOf(evidence.apiServer);
  const said = why === undefined ? undefined : symptomInWords(why);
  if (said?.kind === "configuration") return said;
  const run = tried(evidence.pluginRun);
  if (run !== undefined && (run.exitCode !== 0 || run.credential?.hasToken !== true)) {
    return { kind: "plugin-failed", text: (run.stderr ?? "").trim(), exitCode: run.exitCode };
  }
  if (said !== undefined && ["unreachable", "plugin-failed", "unauthorized"].includes(said.kind)) return said;
  return unreachable(evidence);
}

/** Undefined if there is a proxy, since then it does not matter how this machine reaches the host directly. */
function unreachable(evidence: DoctorEvidence): Symptom | undefined {
  const network = knownValue(evidence.network);
  if (network === undefined || network.proxy !== undefined) return undefined;
  const { host, port, dnsError, tcp, tls } = network;
  if (dnsError !== undefined) return { kind: "unreachable", text: `lookup ${host}: ${dnsError}` };
  if (tcp !== undefined && tcp !== "open")
    return { kind: "unreachable", text: `dial tcp ${host}:${port}: ${tcp}` };
  return tls?.ok === false
    ? { kind: "unreachable", text: `${host}: ${tls.error ?? "TLS failed"}` }
    : undefined;
}
