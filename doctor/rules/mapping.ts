import type { Rule } from "../rule.ts";
import { eksAccessEntryEdited } from "./eks-access-entry-edited.ts";
import { eksAccessEntryExists } from "./eks-access-entry-exists.ts";
import { eksAccessEntryFlapping } from "./eks-access-entry-flapping.ts";
import { eksAccessEntryFresh } from "./eks-access-entry-fresh.ts";
import { eksAccessEntryMissing } from "./eks-access-entry-missing.ts";
import { eksAccessEntryNameReserved } from "./eks-access-entry-name-reserved.ts";
import { eksAccessEntryOverridesAwsAuth } from "./eks-access-entry-overrides-aws-auth.ts";
import { eksAccessEntryPrincipalInvalid } from "./eks-access-entry-principal-invalid.ts";
import { eksAccessEntryStale } from "./eks-access-entry-stale.ts";
import { eksAccessEntryType } from "./eks-access-entry-type.ts";
import { eksAccessEntryWithoutRights } from "./eks-access-entry-without-rights.ts";
import { eksBootstrapRefused } from "./eks-bootstrap-refused.ts";
import { eksModeConfigMap } from "./eks-mode-config-map.ts";
import { eksModeIgnoresAwsAuth } from "./eks-mode-ignores-aws-auth.ts";
import { eksModeStepRefused } from "./eks-mode-step-refused.ts";
import { eksNobodyMapped } from "./eks-nobody-mapped.ts";
import { eksPermissionSetRenewed } from "./eks-permission-set-renewed.ts";
import { eksPlatformTooOld } from "./eks-platform-too-old.ts";
import { eksUserRenamed } from "./eks-user-renamed.ts";
import { policyConsoleAccessDenied } from "./policy-console-access-denied.ts";
import { policyEksApiDenied } from "./policy-eks-api-denied.ts";
import { policyPassRoleDenied } from "./policy-pass-role-denied.ts";

/** Authentication mode, access entries, and what AWS itself refuses (eks-auth, C5, C6, and P11, P12, P14 of C8). */
export const MAPPING_RULES: readonly Rule[] = [
  eksPlatformTooOld,
  eksModeStepRefused,
  eksBootstrapRefused,
  eksModeConfigMap,
  eksModeIgnoresAwsAuth,
  eksNobodyMapped,
  eksAccessEntryPrincipalInvalid,
  eksAccessEntryExists,
  eksAccessEntryNameReserved,
  eksAccessEntryFlapping,
  eksPermissionSetRenewed,
  eksUserRenamed,
  eksAccessEntryStale,
  eksAccessEntryFresh,
  eksAccessEntryType,
  eksAccessEntryOverridesAwsAuth,
  eksAccessEntryWithoutRights,
  eksAccessEntryMissing,
  eksAccessEntryEdited,
  policyPassRoleDenied,
  policyConsoleAccessDenied,
  policyEksApiDenied,
];
