import { type Env, envValue } from "../../../env.ts";
import type { ApprovedProcess } from "../process-approval.ts";

/** Who one is on the machine, what language one speaks, how to reach one's desktop, agents and the network. */
const PASSED =
  /^(?:USER|LOGNAME|LANG|LANGUAGE|LC_[A-Z]+|TZ|TERM|TMPDIR|TEMP|TMP|DISPLAY|WAYLAND_DISPLAY|XAUTHORITY|XDG_(?:RUNTIME_DIR|SESSION_[A-Z]+|CURRENT_DESKTOP)|DBUS_SESSION_BUS_ADDRESS|SSH_AUTH_SOCK|GPG_TTY|SystemRoot|windir|COMSPEC|APPDATA|LOCALAPPDATA|ProgramData|AWS_(?:DEFAULT_)?REGION|AWS_(?:DEFAULT_)?PROFILE|(?:HTTPS?|ALL|NO)_PROXY|(?:https?|all|no)_proxy)$/;

/**
 * The environment of a `credential_process`: a kubeconfig can set any variable, and very many make some program or interpreter
 * run something else. So it gets those by name that cannot, and the rest as it was when the process was approved. Whoever needs
 * more writes it into the line: `env NAME=value program`.
 */
export function processEnvironment(env: Env, approved: ApprovedProcess): Readonly<Record<string, string>> {
  const passed = Object.keys(env).flatMap((name) => {
    const value = PASSED.test(name) ? envValue(env, name) : undefined;
    return value === undefined ? [] : [[name, value]];
  });
  return { ...Object.fromEntries(passed), ...approved.env };
}
