import type { Rule } from "../rule.ts";
import { clientHelmRights } from "./client-helm-rights.ts";
import { eksOidcLogin } from "./eks-oidc-login.ts";
import { policyAssociation } from "./policy-association.ts";
import { policyCanIList } from "./policy-can-i-list.ts";
import { policyClusterScope } from "./policy-cluster-scope.ts";
import { policyCustomResource } from "./policy-custom-resource.ts";
import { policyEscalation } from "./policy-escalation.ts";
import { policyImpersonation } from "./policy-impersonation.ts";
import { policyScopeNamespace } from "./policy-scope-namespace.ts";
import { policyScopeOverwritten } from "./policy-scope-overwritten.ts";
import { policyScopeUnseen } from "./policy-scope-unseen.ts";
import { policyScopeWildcard } from "./policy-scope-wildcard.ts";
import { policySecrets } from "./policy-secrets.ts";
import { policyTooling } from "./policy-tooling.ts";
import { rbacBindingNamespace } from "./rbac-binding-namespace.ts";
import { rbacGroupArn } from "./rbac-group-arn.ts";
import { rbacGroupUnbound } from "./rbac-group-unbound.ts";
import { rbacOidcPrefix } from "./rbac-oidc-prefix.ts";
import { rbacRoleMissing } from "./rbac-role-missing.ts";
import { rbacRuleGap } from "./rbac-rule-gap.ts";
import { rbacSubjectKind } from "./rbac-subject-kind.ts";
import { rbacSubjectTemplate } from "./rbac-subject-template.ts";
import { rbacUserSession } from "./rbac-user-session.ts";

/** Access policies and RBAC (catalogue C8 and C9, and helm's needs): for one refusal at most one of the rows speaks. */
export const AUTHORIZATION_RULES: readonly Rule[] = [
  eksOidcLogin,
  policyEscalation,
  policyImpersonation,
  policyScopeNamespace,
  policyScopeUnseen,
  policyScopeWildcard,
  policyScopeOverwritten,
  policyClusterScope,
  policySecrets,
  policyCustomResource,
  policyTooling,
  rbacRoleMissing,
  rbacBindingNamespace,
  rbacGroupArn,
  rbacUserSession,
  rbacSubjectKind,
  rbacOidcPrefix,
  rbacSubjectTemplate,
  rbacGroupUnbound,
  rbacRuleGap,
  clientHelmRights,
  policyAssociation,
  policyCanIList,
];
