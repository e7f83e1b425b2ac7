import { type Env, envValue } from "../../../env.ts";
import type { ProcessPlan } from "../plan-kinds.ts";
import type { ApprovedProcess } from "../process-approval.ts";

/**
 * The variables that may come from the caller, and the form of their values: the language, the time zone, the session on the
 * machine, and its terminal. Words are used in the names of files that say which program is run or how a text is formatted, so
 * they may contain no folder.
 *
 * Source: specifications.freedesktop.org/mime-apps-spec (`$desktop-mimeapps.list`); bminor/glibc, intl/dcigettext.c
 * (`LANGUAGE`), time/tzset.c (`TZ`: a name without a colon, else a file).
 */
const PASSED: readonly (readonly [name: RegExp, value: RegExp])[] = [
  [/^(?:LANG|LANGUAGE|LC_[A-Z]+|TERM|XDG_SESSION_[A-Z]+|XDG_CURRENT_DESKTOP|WAYLAND_DISPLAY)$/, /^[^/\\]+$/],
  [/^TZ$/, /^\w[\w+-]*(?:\/[\w+-]+){0,2}$/],
  [/^GPG_TTY$/, /^\/dev\/(?:tty|pts\/)\w+$/],
];

/**
 * The environment of a `credential_process`. A kubeconfig can set any variable, and a great many make some program or interpreter
 * run other code. So the process gets, by name, those variables that cannot, the region of the question, and the rest as it was
 * when the process was approved. That includes the profile, which is as with the AWS CLI, where `--profile` sets no variable: a
 * helper that asks `aws` for the default profile would call itself endlessly if it saw the variable for the profile that names
 * it. Anyone who needs more writes it into the line: `env NAME=value program`.
 */
export function processEnvironment(
  env: Env,
  { region }: Pick<ProcessPlan, "region">,
  approved: Pick<ApprovedProcess, "env">,
): Readonly<Record<string, string>> {
  const passed = Object.keys(env).flatMap((name) => {
    const value = envValue(env, name);
    return value !== undefined && mayPass(name, value) ? [[name, value]] : [];
  });
  const asked = { AWS_REGION: region, AWS_DEFAULT_REGION: region };
  return { ...Object.fromEntries(passed), ...approved.env, ...asked };
}

function mayPass(name: string, value: string): boolean {
  return PASSED.some(([names, values]) => names.test(name) && values.test(value));
}
