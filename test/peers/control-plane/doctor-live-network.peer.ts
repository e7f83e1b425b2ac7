/**
 * Faults that the lab really produces, and what the doctor makes of them: rows N and M.
 * Needs kubectl (fetched once) and the AWS CLI on PATH. Run by a step of CI of its own.
 */
import { MODE_FAULTS } from "../../lab/faults/mapping-faults.ts";
import { NETWORK_FAULTS } from "../../lab/faults/network-faults.ts";
import { describeFaults } from "../../support/doctor-suite.ts";

describeFaults("the doctor, where the way to the cluster is broken", NETWORK_FAULTS);
describeFaults("the doctor, where the authentication mode is the trouble", MODE_FAULTS);
