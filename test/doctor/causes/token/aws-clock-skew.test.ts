import { healthyBundle, pluginFailed, unauthorized, without } from "../../support/bundle.ts";
import { testRule } from "../../support/test-rule.ts";

function clocks(...seconds: number[]) {
  return { clocks: seconds.map((aheadSeconds, index) => ({ peer: `peer ${index + 1}`, aheadSeconds })) };
}

testRule("token/aws-clock-skew", "S8", {
  certain: {
    "a clock that makes every token expired": {
      on: unauthorized(clocks(-2400, -2401)),
      summary: "This machine's clock is 40 minutes slow: its tokens are already expired.",
      commands: ["sudo timedatectl set-ntp true", "sudo hwclock -s"],
    },
    "is a warning where the call works": { on: healthyBundle(clocks(-3600)), severity: "warning" },
    "901 s slow or fast": [unauthorized(clocks(-901)), unauthorized(clocks(901))],
  },
  likely: {
    "knows that a Vouch server minds less: 15 s ahead": pluginFailed(
      "us.vouch.sh refused the login: it does not accept this machine's registration.",
      { vouch: true, changes: clocks(15) },
    ),
    "899 s slow or fast": {
      on: [unauthorized(clocks(-899)), unauthorized(clocks(899))],
      severity: "warning",
    },
  },
  passed: {
    "does not believe one peer against another": unauthorized(clocks(-2400, 0)),
    "119 s slow, or 119 s fast": [unauthorized(clocks(-119)), unauthorized(clocks(119))],
  },
  unknown: {
    "no clocks were compared": { on: without(unauthorized(), "clocks"), missing: "clocks" },
  },
});
