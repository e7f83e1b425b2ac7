import type { GivenFor } from "../../command-line/command-line.ts";
import {
  accountOption,
  callbackPortOption,
  deviceCodeOption,
  flag,
  outputOption,
  serverOption,
  text,
  viaOption,
  writeOptions,
} from "../options.ts";

/** All options of `setup aws`. */
export const OPTIONS = {
  role: text("ARN of the role, for a profile that gets its credentials from Vouch"),
  via: viaOption,
  "sso-start-url": text(
    "Start URL of IAM Identity Center: write a profile for each account and role that is assigned to you",
  ),
  "sso-region": text("Region of IAM Identity Center (default: the one in the AWS config or in the URL)"),
  profile: text(
    "Name of the profile (default: vouch, vouch-2, …); with --sso-start-url, of each profile (default: {account_name}-{role}, or as before); {account_name} {account_id} {role} {session} are replaced",
  ),
  match: text("With --sso-start-url: only profiles with matching names (prod-*)"),
  region: text("Region of the profile"),
  "device-code": deviceCodeOption("--sso-start-url"),
  "callback-port": callbackPortOption("--sso-start-url"),
  force: flag("With --sso-start-url: log in again, even if already logged in"),
  server: serverOption,
  account: accountOption,
  ...writeOptions,
  output: outputOption("AwsSetup", "IdentityCenterSetup", "SetupUndone"),
} as const;

/** The options of `setup aws` as they were given. */
export type SetupAwsOptions = GivenFor<typeof OPTIONS>;

/** Those with a start URL. */
export interface SetupCenterOptions extends SetupAwsOptions {
  readonly ssoStartUrl: string;
}
