import { REPORT_SCHEMA } from "../../doctor/report/report-schema.ts";
import type { TypeOf } from "../../token/schema.ts";
import {
  CASE_LIST_SCHEMA,
  EXPLANATION_SCHEMA,
  REPORT_LIST_SCHEMA,
  RULE_LIST_SCHEMA,
} from "./doctor-kinds.ts";
import { KEY_ADDED_SCHEMA, KEY_LIST_SCHEMA, KEY_REMOVED_SCHEMA } from "./key-kinds.ts";
import {
  ACCESS_LIST_SCHEMA,
  ENROLMENT_SCHEMA,
  LOGIN_SCHEMA,
  LOGOUT_SCHEMA,
  PROFILE_LOGIN_SCHEMA,
  PROFILE_LOGOUT_SCHEMA,
  STATUS_SCHEMA,
  WHOAMI_SCHEMA,
} from "./session-kinds.ts";
import {
  COMPLETION_FILE_SCHEMA,
  SETTING_LIST_SCHEMA,
  SETTING_SCHEMA,
  SETTINGS_SCHEMA,
} from "./setting-kinds.ts";
import {
  AWS_SETUP_SCHEMA,
  EKS_CLUSTERS_SCHEMA,
  EKS_SETUP_SCHEMA,
  IDENTITY_CENTER_SETUP_SCHEMA,
  SETUP_UNDONE_SCHEMA,
} from "./setup-kinds.ts";
import {
  CACHE_CLEARED_SCHEMA,
  CACHE_LIST_SCHEMA,
  TOKEN_EXPLANATION_SCHEMA,
  VERSION_SCHEMA,
} from "./token-kinds.ts";

/** What `-o json` and `-o yaml` print, by kind. At run time only its types are used; plugin/schemas/ is generated from it. */
export const KINDS = {
  AccessList: ACCESS_LIST_SCHEMA,
  AwsSetup: AWS_SETUP_SCHEMA,
  CacheCleared: CACHE_CLEARED_SCHEMA,
  CacheList: CACHE_LIST_SCHEMA,
  CompletionFile: COMPLETION_FILE_SCHEMA,
  DoctorCaseList: CASE_LIST_SCHEMA,
  DoctorExplanation: EXPLANATION_SCHEMA,
  DoctorReport: REPORT_SCHEMA,
  DoctorReportList: REPORT_LIST_SCHEMA,
  DoctorRuleList: RULE_LIST_SCHEMA,
  EksClusters: EKS_CLUSTERS_SCHEMA,
  EksSetup: EKS_SETUP_SCHEMA,
  Enrolment: ENROLMENT_SCHEMA,
  IdentityCenterSetup: IDENTITY_CENTER_SETUP_SCHEMA,
  KeyAdded: KEY_ADDED_SCHEMA,
  KeyList: KEY_LIST_SCHEMA,
  KeyRemoved: KEY_REMOVED_SCHEMA,
  Login: LOGIN_SCHEMA,
  Logout: LOGOUT_SCHEMA,
  ProfileLogin: PROFILE_LOGIN_SCHEMA,
  ProfileLogout: PROFILE_LOGOUT_SCHEMA,
  Setting: SETTING_SCHEMA,
  SettingList: SETTING_LIST_SCHEMA,
  Settings: SETTINGS_SCHEMA,
  SetupUndone: SETUP_UNDONE_SCHEMA,
  Status: STATUS_SCHEMA,
  TokenExplanation: TOKEN_EXPLANATION_SCHEMA,
  Version: VERSION_SCHEMA,
  Whoami: WHOAMI_SCHEMA,
} as const;

export type Kind = keyof typeof KINDS;

/** An object of a kind, as it is printed. */
export type ObjectOf<K extends Kind> = TypeOf<(typeof KINDS)[K]>;

/** Its own fields. */
export type BodyOf<K extends Kind> = Omit<ObjectOf<K>, "apiVersion" | "kind">;
