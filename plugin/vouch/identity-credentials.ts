import type { AwsCredentials } from "../../token/aws/aws-credentials.ts";
import type { ApprovedProcess } from "../../token/aws/sources/process-approval.ts";
import type { Endpoints } from "../../token/endpoints/endpoints.ts";
import { VouchError } from "../../token/errors/errors.ts";
import {
  type AmbientSource,
  describeSource,
  type ProfileSource,
} from "../../token/kubeconfig/context-source.ts";
import type { App } from "../app.ts";

interface IdentityWish {
  readonly region: string;
  /** As they are named now, or recorded. */
  readonly endpoints: Endpoints;
  readonly approvedProcess: ApprovedProcess | undefined;
  /** Whether anything may be kept. */
  readonly keep: boolean;
}

/** Credentials of an AWS profile, or of the caller. Throws what stands in the way. */
export async function identityCredentials(
  _app: App,
  who: ProfileSource | AmbientSource,
  _wish: IdentityWish,
): Promise<AwsCredentials> {
  throw new VouchError("profile-invalid", `Credentials of ${describeSource(who)} cannot be had yet.`);
}
