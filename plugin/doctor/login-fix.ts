import type { Examination } from "../../doctor/doctor.ts";
import { ours } from "../../token/command/command.ts";
import { withCommands } from "../../token/command/sentence.ts";
import type { App } from "../app.ts";
import type { ColorChoice } from "../terminal/style.ts";
import type { LocalFix } from "./local-fix.ts";

/** The login for an AWS profile, if the doctor offers one: at IAM Identity Center in the browser, or with an MFA code. */
export function loginFix(app: App, { fixes }: Pick<Examination, "fixes">, color: ColorChoice): LocalFix[] {
  const profile = profileToLogIn(fixes);
  if (profile === undefined) return [];
  return [
    {
      description: `Log in for AWS profile ${profile}.`,
      show: async () => app.io.err(`${withCommands`This runs ${ours("login", { profile })}.`}\n`),
      apply: async () => {
        const { Desk } = await import("../workplace/workplace.ts");
        const { runProfileLogin } = await import("../commands/login-profile.run.ts");
        const account = { server: undefined, account: undefined, keyStore: undefined, pinFromStdin: false };
        const how = { timeoutSeconds: undefined, force: false, ifNeeded: undefined };
        const output = "text" as const;
        await runProfileLogin(
          { profile, ...account, ...how, deviceCode: false, output, color },
          new Desk(app),
        );
      },
    },
  ];
}

/** A forced login is for people to decide. */
function profileToLogIn(fixes: Examination["fixes"]): string | undefined {
  for (const action of fixes.flatMap(({ actions = [] }) => actions)) {
    if (action.kind !== "run" || action.verb.join(" ") !== "vouch login") continue;
    const { profile, force } = action.options;
    if (typeof profile === "string" && profile !== "PROFILE" && force === undefined) return profile;
  }
  return undefined;
}
