/**
 * Our state folder: `$XDG_STATE_HOME/kubectl-vouch`, else `~/.local/state/kubectl-vouch`; on Windows
 * `%LOCALAPPDATA%\kubectl-vouch`. A relative XDG value is ignored. Undefined when no home is known.
 */
export function stateFolder(
  env: (name: string) => string | undefined,
  isWindows: boolean,
): string | undefined {
  if (isWindows) {
    const local = env("LOCALAPPDATA");
    return local ? `${local}\\kubectl-vouch` : undefined;
  }
  const xdg = env("XDG_STATE_HOME");
  if (xdg?.startsWith("/")) return `${xdg}/kubectl-vouch`;
  const home = env("HOME");
  return home?.startsWith("/") ? `${home}/.local/state/kubectl-vouch` : undefined;
}

/** Who is logged in. Replaced atomically by login and logout. */
export function currentFile(state: string): string {
  return `${state}/current.json`;
}

/** All files of one session. Created by login, removed by logout, and created by nothing else. */
export function sessionFolder(state: string, sessionId: string): string {
  return `${state}/sessions/${sessionId}`;
}

/** What was made from AWS profiles, or from the environment's credentials. */
export function profilesFolder(state: string): string {
  return `${state}/profiles`;
}

/** The cached token of a key, in the folder of its session or of profiles. `name` is the key's `fnv32`. */
export function tokenFile(folder: string, name: string): string {
  return `${folder}/token-${name}.json`;
}

/** What a prompt shows. `name` is the `fnv32` of its key. */
export function promptFile(state: string, name: string): string {
  return `${profilesFolder(state)}/prompt-${name}.json`;
}

/** Folder of the marks by which a second call for the same token is recognized. */
export function marksFolder(state: string): string {
  return `${state}/marks`;
}

/** The marks of a key. `name` is its `fnv32`. */
export function markFile(state: string, name: string): string {
  return `${marksFolder(state)}/${name}.json`;
}

/** What setup recorded about clusters. */
export function clustersFolder(state: string): string {
  return `${state}/clusters`;
}
