import type { Mend } from "../rule.ts";

/** AWS's words for a signature of the wrong time, and ours for a Vouch server that says so. Source: eks-auth, S8. */
export const CLOCK_WORDS =
  /Signature expired:|Signature not yet current|RequestTimeTooSkewed|RequestExpired|This machine's clock is about/;

/** How a clock is set right. */
export const SET_CLOCK: readonly Mend[] = [
  {
    by: "you",
    does: "Turn on time synchronisation (Linux).",
    commands: [["sudo", "timedatectl", "set-ntp", "true"]],
  },
  {
    by: "you",
    does: "In WSL or a virtual machine that slept: set the clock from the hardware's.",
    commands: [["sudo", "hwclock", "-s"]],
  },
];
