import type { AccessRequest, DoctorEvidence } from "../../evidence/evidence.ts";

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
