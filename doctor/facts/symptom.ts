import {
  type AccessReviewJson,
  type ApiServerAnswer,
  type Attempt,
  type DoctorEvidence,
  failureOf,
  known,
} from "../evidence.ts";
import { plainText } from "./pasted-text.ts";
import { principalOfArn } from "./principal.ts";
import { forbidden, symptomInWords } from "./symptom-words.ts";

/**
 * How the call failed. A refusal that names a user proves that the identity was accepted: then nothing before
 * authorisation is broken.
 */
export type Symptom =
  /** It works: the API server answered, and the attempt (if any) is allowed. */
  | { readonly kind: "none" }
  /** 401: the identity is not accepted. */
  | { readonly kind: "unauthorized" }
  /** 403 of the API server, naming the user. */
  | {
      readonly kind: "forbidden";
      readonly user: string;
      readonly attempt: Attempt | undefined;
      /** "is attempting to grant RBAC permissions not currently held" */
      readonly escalation: boolean;
      readonly text: string;
    }
  /** The exec plugin did not give a token. */
  | { readonly kind: "plugin-failed"; readonly text: string; readonly exitCode: number | undefined }
  /** No HTTP answer: DNS, TCP, TLS, a proxy. */
  | { readonly kind: "no-answer"; readonly text: string }
  /** AWS refused an API call: `AccessDeniedException … eks:DescribeCluster`. */
  | {
      readonly kind: "aws-refused";
      readonly code: string;
      readonly action: string | undefined;
      readonly text: string;
    }
  /** The client never got as far as asking: a broken kubeconfig, a missing context. */
  | { readonly kind: "configuration"; readonly text: string }
  /** Words we do not know. */
  | { readonly kind: "other"; readonly text: string };

/**
 * How the call failed: the words that were pasted, and what the API server answers now. What concerns the whole call
 * counts more than the plugin or the network alone, and a failure more than a success, for a fault may come and go.
 * Undefined when nobody asked, or when it is open whether the attempt is allowed.
 */
export function readSymptom(evidence: DoctorEvidence): Symptom | undefined {
  const { stderr = "", exitCode } = evidence.question ?? {};
  const words = stderr.trim();
  const said = exitCode === 0 || words === "" ? undefined : symptomInWords(words);
  if (said !== undefined && said.kind !== "other") return said;
  if (isAboutSomebodyElse(evidence)) return said;
  const answer = known(evidence.apiServer);
  const live = answer === undefined ? undefined : answered(answer, evidence);
  if (live !== undefined && live.kind !== "none") return live;
  if (said !== undefined) return live?.kind === "none" ? said : (partial(evidence) ?? said);
  if (exitCode === 0) return { kind: "none" };
  if (answer === undefined) return partial(evidence);
  return exitCode === undefined ? live : undefined;
}

/** Then what the API server answers the caller says nothing. */
function isAboutSomebodyElse({ question, callerIdentity }: DoctorEvidence): boolean {
  const asked = question?.principal;
  const own = known(callerIdentity)?.Arn;
  if (asked === undefined) return false;
  return own === undefined || principalOfArn(own)?.canonicalArn !== principalOfArn(asked)?.canonicalArn;
}

function answered(answer: ApiServerAnswer, evidence: DoctorEvidence): Symptom | undefined {
  const { status, message = "", isKubernetes } = answer;
  if (status === 401) return { kind: "unauthorized" };
  if (status >= 200 && status < 300) return reviewed(evidence);
  const text = `HTTP ${status}${message === "" ? "" : `: ${message}`}`;
  if (isKubernetes === false && (status === 403 || status === 407)) return { kind: "no-answer", text };
  return (status === 403 ? forbidden(plainText(message), message) : undefined) ?? { kind: "other", text };
}

/** The server accepts the identity: then it depends on the attempt. */
function reviewed(evidence: DoctorEvidence): Symptom | undefined {
  const attempt = evidence.question?.attempt;
  if (attempt === undefined) return { kind: "none" };
  const review = known(evidence.accessReviews)?.find(({ spec }) => isAbout(spec, attempt));
  if (review === undefined) return undefined;
  if (review.status.allowed) return { kind: "none" };
  const { reason = "" } = review.status;
  return {
    kind: "forbidden",
    user: known(evidence.selfSubjectReview)?.status.userInfo.username ?? "",
    attempt,
    escalation: false,
    text: reason === "" ? "the access review says no" : `the access review says no: ${reason}`,
  };
}

function isAbout(spec: AccessReviewJson["spec"], attempt: Attempt): boolean {
  const asked: Partial<Attempt> = spec.resourceAttributes ?? spec.nonResourceAttributes ?? {};
  const fields = ["verb", "resource", "subresource", "namespace", "name", "path"] as const;
  const sameGroup = attempt.group === undefined || (asked.group ?? "") === attempt.group;
  return sameGroup && fields.every((field) => (asked[field] ?? "") === (attempt[field] ?? ""));
}

/** What the parts of the call say when nobody saw the whole. */
function partial(evidence: DoctorEvidence): Symptom | undefined {
  const run = known(evidence.pluginRun);
  if (run !== undefined && (run.exitCode !== 0 || run.credential?.hasToken !== true)) {
    return { kind: "plugin-failed", text: run.stderr.trim(), exitCode: run.exitCode };
  }
  const why = failureOf(evidence.apiServer);
  const said = why === undefined ? undefined : symptomInWords(why);
  if (said !== undefined && ["no-answer", "plugin-failed", "unauthorized"].includes(said.kind)) return said;
  return unreachable(evidence);
}

/** Silent where a proxy stands between: then what the host itself does decides nothing. */
function unreachable(evidence: DoctorEvidence): Symptom | undefined {
  const network = known(evidence.network);
  if (network === undefined || network.proxy !== undefined) return undefined;
  const { host, port, dnsError, tcp, tls } = network;
  if (dnsError !== undefined) return { kind: "no-answer", text: `lookup ${host}: ${dnsError}` };
  if (tcp !== undefined && tcp !== "open")
    return { kind: "no-answer", text: `dial tcp ${host}:${port}: ${tcp}` };
  return tls?.ok === false ? { kind: "no-answer", text: `${host}: ${tls.error ?? "TLS failed"}` } : undefined;
}
