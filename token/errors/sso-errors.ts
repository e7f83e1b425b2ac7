import type { ErrorSpec } from "./error-spec.ts";
import { EXIT } from "./exit-status.ts";

/** Failures of sessions of IAM Identity Center. */
export const SSO_ERRORS = {
  "sso-logged-out": { exit: EXIT.logIn, hint: "Run `kubectl vouch login --profile NAME`." },
  "sso-session-expired": { exit: EXIT.logIn, hint: "Run `kubectl vouch login --profile NAME`." },
  "sso-role-denied": {
    exit: EXIT.permission,
    hint: "Ask whoever runs IAM Identity Center to assign it to you, or log in as somebody else: `kubectl vouch login --profile NAME --force`.",
  },
  "sso-login-refused": {
    exit: EXIT.permission,
    hint: "Run `kubectl vouch login --profile NAME` again and allow it in the browser.",
  },
  "sso-login-unanswered": {
    exit: EXIT.general,
    hint: "Run `kubectl vouch login --profile NAME` again and allow it in the browser.",
  },
  "profile-needs-no-login": {
    exit: EXIT.configuration,
    hint: "See what the profile says, and where: `aws configure list --profile NAME`.",
  },
} as const satisfies Record<string, ErrorSpec>;
