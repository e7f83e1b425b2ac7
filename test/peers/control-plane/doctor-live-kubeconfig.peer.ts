/**
 * Faults that the lab really produces, and what the doctor makes of them: rows K.
 * Needs kubectl (fetched once) and the AWS CLI on PATH. Run by a step of CI of its own.
 */
import { KUBECONFIG_FAULTS } from "../../lab/faults/kubeconfig-faults.ts";
import { describeFaults } from "../../support/doctor-suite.ts";

describeFaults("the doctor, with kubeconfigs that are broken", KUBECONFIG_FAULTS);
