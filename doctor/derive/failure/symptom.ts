import { isSamePrincipal, principalOfArn } from "../../eks/principal/principal.ts";
import { type AccessRequest, type DoctorEvidence, knownValue } from "../../evidence/evidence.ts";

/**
 * How the call failed. A refusal that names a user proves that the identity was accepted, so that nothing before authorization is
 * broken.
 */
export type Symptom =
  /**
   * It works: the API server answered, and the attempt (if any) is allowed. `isProbed`: it was the doctor that called, so the
   * client may still fail before its call. `answer`: why the API server did not do what was asked, for reasons that have nothing
   * to do with access.
   */
  | { readonly kind: "none"; readonly isProbed: boolean; readonly answer?: string }
  /** 401: the identity was not accepted. */
  | { readonly kind: "unauthorized" }
  /** A 403 from the API server that names the user. */
  | {
      readonly kind: "forbidden";
      readonly user: string;
      readonly attempt: AccessRequest | undefined;
      /** "is attempting to grant RBAC permissions not currently held" */
      readonly escalation: boolean;
      readonly text: string;
    }
  /** The exec plugin did not give a token. */
  | { readonly kind: "plugin-failed"; readonly text: string; readonly exitCode: number | undefined }
  /** No HTTP answer: DNS, TCP, TLS, a proxy. */
  | { readonly kind: "unreachable"; readonly text: string }
  /** AWS refused an API call: `AccessDeniedException … eks:DescribeCluster`. */
  | {
      readonly kind: "aws-refused";
      readonly code: string;
      readonly action: string | undefined;
      readonly text: string;
    }
  /** The client failed before any call: a broken kubeconfig, a missing context. */
  | { readonly kind: "configuration"; readonly text: string }
  /** An unknown error. */
  | { readonly kind: "other"; readonly text: string };

/** What determines how the call failed, and whom it is about. */
export interface FailureCase {
  readonly evidence: DoctorEvidence;
  readonly symptom: Symptom | undefined;
}

/** *error*: it explains the failure. *warning*: it would cause the next one. */
export type Severity = "error" | "warning";

/**
 * The severity of a fault of credentials, trust or token, given how the call failed: *error* if the call can have failed because
 * of it, or if it is not known how the call failed; *warning* if the call did not get that far, so that the fault would show
 * next. Undefined if it cannot be the cause: the identity was accepted, or the question is about another user.
 */
export function preAuthSeverity(facts: FailureCase): Severity | undefined {
  if (isOtherPrincipal(facts)) return undefined;
  switch (facts.symptom?.kind) {
    case "none":
    case "forbidden":
      return undefined;
    case "unreachable":
    case "configuration":
      return "warning";
    case undefined:
    case "unauthorized":
    case "plugin-failed":
    case "aws-refused":
    case "other":
      return "error";
  }
}

/**
 * Whether the question names a principal other than the caller, so that the caller's kubeconfig, credentials and token do not
 * matter. A colleague's session of the same role is another user.
 */
export function isOtherPrincipal({ evidence }: { readonly evidence: DoctorEvidence }): boolean {
  const asked = evidence.question?.principal;
  if (asked === undefined) return false;
  const caller = knownValue(evidence.callerIdentity)?.Arn;
  return caller === undefined || !isSamePrincipal(caller, asked) || isOtherSession(caller, asked);
}

function isOtherSession(caller: string, asked: string): boolean {
  const session = principalOfArn(asked)?.sessionName;
  return session !== undefined && session !== principalOfArn(caller)?.sessionName;
}

/**
 * Whether the call can have failed because the client could not read its kubeconfig, or the plugin did not return a token. Not if the
 * client reached the API server, since it then had what it sends. That the doctor reached it says nothing about the client.
 */
export function failsBeforeRequest(facts: FailureCase): boolean {
  if (isOtherPrincipal(facts)) return false;
  const { symptom } = facts;
  switch (symptom?.kind) {
    case undefined:
    case "plugin-failed":
    case "configuration":
    case "other":
      return true;
    case "none":
      return symptom.isProbed;
    default:
      return false;
  }
}

/** Whether the call can have failed because the API server refused the identity. */
export function canCause401(facts: FailureCase): boolean {
  const kind = facts.symptom?.kind;
  return !isOtherPrincipal(facts) && (kind === undefined || kind === "unauthorized" || kind === "other");
}

/** Whether the API server now accepts the plugin's token. */
export function acceptsToken({ apiServer }: Pick<DoctorEvidence, "apiServer">): boolean {
  return knownValue(apiServer)?.status === 200;
}

/** Whether the API server saw a call without credentials. Source: doctor/EKS-ACCESS.md, "Other ways in". */
export function isAnonymous({ symptom }: Pick<FailureCase, "symptom">): boolean {
  return symptom?.kind === "forbidden" && symptom.user === "system:anonymous";
}
