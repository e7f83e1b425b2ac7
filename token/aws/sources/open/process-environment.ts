import { type Env, envValue } from "../../../env.ts";
import type { ProcessPlan } from "../plan-kinds.ts";
import type { ApprovedProcess } from "../process-approval.ts";

/**
 * What may come from the caller, and how its value looks: the language, the session on the machine, the ways to its terminal and
 * its screen. Words become parts of the names of files that say what is run or how a text is put together, so that they hold no
 * folder; a screen elsewhere could name libraries to load.
 *
 * Source: specifications.freedesktop.org/mime-apps-spec (`$desktop-mimeapps.list`); bminor/glibc, intl/dcigettext.c
 * (`LANGUAGE`); GNOME/gtk, gtk/gtkmodules.c (`gtk-modules` of a screen's settings).
 */
const PASSED: readonly (readonly [name: RegExp, value: RegExp])[] = [
  [/^(?:LANG|LANGUAGE|LC_[A-Z]+|TERM|XDG_SESSION_[A-Z]+|XDG_CURRENT_DESKTOP|WAYLAND_DISPLAY)$/, /^[^/\\]+$/],
  [/^DISPLAY$/, /^(?:localhost)?:[\d.]+$/],
  [/^(?:TZ|XAUTHORITY|GPG_TTY)$/, /./],
];

/**
 * The environment of a `credential_process`: a kubeconfig can set any variable, and very many make some program or interpreter
 * run something else. So it gets those by name that cannot, the region of the question, and the rest as it was when the process
 * was approved: the profile, too, as by the AWS CLI, where `--profile` sets no variable. A helper that asks `aws` for the default
 * profile would call itself without end if it heard of the one that names it. Whoever needs more writes it into the line:
 * `env NAME=value program`.
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
