import type { ErrorSpec } from "./error-spec.ts";
import { EXIT } from "./exit-status.ts";

/** Failures of sessions of IAM Identity Center. */
export const SSO_ERRORS = {
  "sso-logged-out": { exit: EXIT.logIn, hint: "Run `kubectl vouch login --profile NAME`." },
  "sso-session-expired": { exit: EXIT.logIn, hint: "Run `kubectl vouch login --profile NAME`." },
  "sso-role-denied": {
    exit: EXIT.permission,
    hint: "Ask an IAM Identity Center admin to assign it to you, or log in as a different user: `kubectl vouch login --profile NAME --force`.",
  },
  "sso-login-refused": {
    exit: EXIT.permission,
    hint: "Run `kubectl vouch login --profile NAME` again and approve it in the browser.",
  },
  "sso-login-unanswered": {
    exit: EXIT.general,
    hint: "Run `kubectl vouch login --profile NAME` again and approve it in the browser.",
  },
  "profile-needs-no-login": {
    exit: EXIT.configuration,
    hint: "Check the profile's settings and their sources: `aws configure list --profile NAME`.",
  },
} as const satisfies Record<string, ErrorSpec>;
