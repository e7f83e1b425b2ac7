import { run } from "../../token/command/command.ts";
import { type Fix, forYou, oneOf } from "./fix.ts";

/**
 * AWS's messages for a signature with the wrong time, and ours if a Vouch server reports it. Source: doctor/AWS-CREDENTIALS.md,
 * "Clock".
 */
export const CLOCK_WORDS =
  /Signature expired:|Signature not yet current|RequestTimeTooSkewed|RequestExpired|This machine's clock is about/;

/** How to correct the clock. */
export const SET_CLOCK: readonly Fix[] = oneOf(
  forYou("Turn on time synchronization (Linux).", run("sudo", "timedatectl set-ntp true")),
  forYou(
    "In WSL, or in a virtual machine that was suspended, set the system clock from the hardware clock.",
    run("sudo", "hwclock -s"),
  ),
);
