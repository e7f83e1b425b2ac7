import { readExpiration } from "../../../token/aws/aws-credentials.ts";
import { ssoFile } from "../../../token/aws/identity-center/sso-token.ts";
import { loginFilePath } from "../../../token/aws/sources/open/login-file.ts";
import { isRecord, type JsonRecord, jsonRecord } from "../../../token/record.ts";
import { credentialSource, type NeededFile, neededFiles } from "../../derive/identity/credential-source.ts";
import type { SourceFile } from "../../evidence/evidence.ts";
import { type CalledContext, readCalledContext } from "../called-context.ts";
import type { Probes } from "../probe.ts";
import type { ProbeHost } from "../probe-host.ts";

export const SOURCE_FILES_PROBE = {
  /**
   * The sessions and token files that the profile's credentials depend on: whether they exist, and when they expire. Never a token.
   */
  sourceFiles: {
    needs: ["kubeconfig", "environment", "awsConfig", "awsCredentials", "execCommand"],
    worksOffline: true,
    doing: "looking for AWS sessions",
    ask: async ({ evidence, host }) => {
      const call = readCalledContext(evidence, host);
      if (call?.exec === undefined) return undefined;
      const facts = { evidence, exec: call.exec };
      const needed = neededFiles({ ...facts, credentials: credentialSource(facts) });
      return needed?.map((file) => lookAt(file, call, host));
    },
  },
} satisfies Probes;

function lookAt(needed: NeededFile, { env }: CalledContext, host: ProbeHost): SourceFile {
  const file = pathOf(needed, { env, homeDir: host.homeDir });
  const found = { kind: needed.kind, path: file };
  try {
    const text = host.readText(file);
    if (text === undefined) return { ...found, state: "absent" };
    if (needed.kind === "web-identity")
      return { ...found, state: text.trim() === "" ? "unreadable" : "there" };
    const session = sessionIn(jsonRecord(text) ?? {}, needed.kind);
    return session === undefined
      ? { ...found, state: "unreadable" }
      : { ...found, state: "there", ...session };
  } catch {
    return { ...found, state: "unreadable" };
  }
}

function pathOf({ kind, name }: NeededFile, at: Parameters<typeof loginFilePath>[1]): string {
  if (kind === "web-identity") return name;
  return kind === "login" ? loginFilePath({ tokenFile: name }, at) : ssoFile(name, at.homeDir);
}

/** The non-secret fields of a session; undefined for other files, such as those that editors keep in the same folder. */
function sessionIn(
  content: JsonRecord,
  kind: "sso" | "login",
): Pick<SourceFile, "expiresAt" | "refreshable" | "startUrl" | "region"> | undefined {
  const token = kind === "login" ? content["accessToken"] : content;
  const { expiresAt } = isRecord(token) ? token : {};
  const ends = typeof expiresAt === "string" ? readExpiration(expiresAt) : undefined;
  if (ends === undefined) return undefined;
  const { refreshToken, startUrl, region } = content;
  return {
    expiresAt: new Date(ends).toISOString(),
    refreshable: typeof refreshToken === "string",
    ...(typeof startUrl === "string" ? { startUrl } : {}),
    ...(typeof region === "string" ? { region } : {}),
  };
}
