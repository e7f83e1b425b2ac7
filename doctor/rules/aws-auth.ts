import type { Rule } from "../rule.ts";
import { awsAuthArnMalformed } from "./aws-auth-arn-malformed.ts";
import { awsAuthCreator } from "./aws-auth-creator.ts";
import { awsAuthDuplicate } from "./aws-auth-duplicate.ts";
import { awsAuthEntryKeys } from "./aws-auth-entry-keys.ts";
import { awsAuthEntryMissing } from "./aws-auth-entry-missing.ts";
import { awsAuthGluedGroups } from "./aws-auth-glued-groups.ts";
import { awsAuthMapAccounts } from "./aws-auth-map-accounts.ts";
import { awsAuthNodeLines } from "./aws-auth-node-lines.ts";
import { awsAuthNodeTemplate } from "./aws-auth-node-template.ts";
import { awsAuthNodeUsername } from "./aws-auth-node-username.ts";
import { awsAuthNotAPrincipal } from "./aws-auth-not-a-principal.ts";
import { awsAuthPlaceholder } from "./aws-auth-placeholder.ts";
import { awsAuthRolePath } from "./aws-auth-role-path.ts";
import { awsAuthSectionCase } from "./aws-auth-section-case.ts";
import { awsAuthSessionArn } from "./aws-auth-session-arn.ts";
import { awsAuthSyntax } from "./aws-auth-syntax.ts";
import { awsAuthUserPath } from "./aws-auth-user-path.ts";

/** ConfigMap aws-auth (catalogue C7), whole sections before single lines, and what is missing last. */
export const AWS_AUTH_RULES: readonly Rule[] = [
  awsAuthSyntax,
  awsAuthSectionCase,
  awsAuthRolePath,
  awsAuthSessionArn,
  awsAuthUserPath,
  awsAuthArnMalformed,
  awsAuthNotAPrincipal,
  awsAuthEntryKeys,
  awsAuthNodeTemplate,
  awsAuthGluedGroups,
  awsAuthDuplicate,
  awsAuthMapAccounts,
  awsAuthPlaceholder,
  awsAuthNodeLines,
  awsAuthNodeUsername,
  awsAuthCreator,
  awsAuthEntryMissing,
];
