/**
 * Faults that the lab really produces, and what the doctor makes of them: rows E and A.
 * Needs kubectl (fetched once) and the AWS CLI on PATH. Run by a step of CI of its own.
 */
import { AWS_AUTH_FAULTS } from "../../lab/faults/aws-auth-faults.ts";
import { ENTRY_FAULTS } from "../../lab/faults/mapping-faults.ts";
import { describeFaults } from "../../support/doctor-suite.ts";

describeFaults("the doctor, where an access entry is broken", ENTRY_FAULTS);
describeFaults("the doctor, where aws-auth is broken", AWS_AUTH_FAULTS);
