/** The single JSON line that kubectl reads. `expires` is in milliseconds since 1970, and is written in whole seconds. */
export function execCredential(apiVersion: string, token: string, expires: number): string {
  const expirationTimestamp = `${new Date(Math.floor(expires / 1000) * 1000).toISOString().slice(0, 19)}Z`;
  return `${JSON.stringify({ kind: "ExecCredential", apiVersion, status: { expirationTimestamp, token } })}\n`;
}
