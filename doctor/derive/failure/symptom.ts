import type { AccessRequest, DoctorEvidence } from "../../evidence/evidence.ts";

/**
 * How the call failed. A refusal that names a user proves that the identity was accepted: then nothing before
 * authorization is broken.
 */
export type Symptom =
  /**
   * It works: the API server answered, and the attempt (if any) is allowed. `isProbed`: it was the doctor that asked, so
   * that the client may still fail before it asks. `answer`: why the API server did not do what was asked, for reasons that
   * have nothing to do with access.
   */
  | { readonly kind: "none"; readonly isProbed: boolean; readonly answer?: string }
  /** 401: the identity is not accepted. */
  | { readonly kind: "unauthorized" }
  /** 403 of the API server, naming the user. */
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
  /** The client never got as far as asking: a broken kubeconfig, a missing context. */
  | { readonly kind: "configuration"; readonly text: string }
  /** Words we do not know. */
  | { readonly kind: "other"; readonly text: string };

/** What tells how the call failed, and whom it is about. */
export interface FailureCase {
  readonly evidence: DoctorEvidence;
  readonly symptom: Symptom | undefined;
}
