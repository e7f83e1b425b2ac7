/**
 * Faults that the lab really produces, and what the doctor makes of them: rows P and R.
 * Needs kubectl (fetched once) and the AWS CLI on PATH. Run by a step of CI of its own.
 */
import { POLICY_FAULTS, RBAC_FAULTS } from "../../lab/faults/authorization-faults.ts";
import { describeFaults } from "../../support/doctor-suite.ts";

describeFaults("the doctor, where access policies do not grant it", POLICY_FAULTS);
describeFaults("the doctor, where RBAC does not grant it", RBAC_FAULTS);
