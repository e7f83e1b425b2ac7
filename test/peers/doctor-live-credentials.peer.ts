/**
 * Faults that the lab really produces, and what the doctor makes of them: rows L, S and V.
 * Needs kubectl (fetched once) and the AWS CLI on PATH. Run by a step of CI of its own.
 */
import { CREDENTIAL_FAULTS } from "../lab/faults/credential-faults.ts";
import { TRUST_FAULTS } from "../lab/faults/trust-faults.ts";
import { VOUCH_FAULTS } from "../lab/faults/vouch-faults.ts";
import { describeFaults } from "../support/doctor-suite.ts";

describeFaults("the doctor, with credentials that do not work", CREDENTIAL_FAULTS);
describeFaults("the doctor, where STS or the token is the trouble", TRUST_FAULTS);
describeFaults("the doctor, where the Vouch session is the trouble", VOUCH_FAULTS);
