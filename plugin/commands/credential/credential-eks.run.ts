import { debug } from "../../../token/debug.ts";
import { VouchError } from "../../../token/errors/errors.ts";
import { ourFolders } from "../../../token/files/folders.ts";
import { detectAiAgent } from "../../../token/hot/ai-agent.ts";
import { execCredential } from "../../../token/hot/exec-credential.ts";
import { type ExecInfo, isClientGo, readExecInfo } from "../../../token/hot/exec-info.ts";
import { questionKey } from "../../../token/hot/key.ts";
import { type FailurePlace, findFailure, leaveFailure } from "../../../token/mint/marks.ts";
import type { App } from "../../app.ts";
import type { CredentialFlags } from "./exec-token.ts";

/**
 * Prints the ExecCredential; the result is the exit status. kubectl repeats a failing plugin up to seven times and shows its
 * stderr each time, so each process is told of a failure once, and only its first call tries. A script that calls us again means
 * to try again. A repetition loads only what it needs: the burst should be over before the failure may be tried again.
 */
export async function runCredentialEks(options: CredentialFlags, app: App): Promise<number> {
  const place = isClientGo(app.env["KUBERNETES_EXEC_INFO"]) ? failurePlace(options, app) : undefined;
  const told = place && findFailure(place, app.clock());
  if (told !== undefined) {
    debug(`process ${app.parentId} got ${told.code} a moment ago: not trying again`);
    return told.exit;
  }
  try {
    const { apiVersion, cluster } = execInfo(app);
    const { execToken } = await import("./exec-token.ts");
    const { token, expires } = await execToken({ ...options, calledCluster: cluster }, app);
    app.io.out(execCredential(apiVersion, token, expires));
    return 0;
  } catch (error) {
    if (place !== undefined && error instanceof VouchError && error.code !== "interrupted")
      leaveFailure(place, error, app.clock());
    throw error;
  }
}

/** The question as it was asked: whatever goes wrong with it is a failure of the same call. */
function failurePlace(options: CredentialFlags, app: App): FailurePlace {
  const { calledCluster: _client, ...question } = options;
  return {
    state: ourFolders(app).state,
    key: questionKey(
      question,
      detectAiAgent((name) => app.env[name]),
    ),
    parentId: app.parentId,
    // A copy from when the call began: the address of the keyring's bus may be added to it later.
    env: { ...app.env },
  };
}

function execInfo({ env }: App): ExecInfo {
  const info = readExecInfo(env["KUBERNETES_EXEC_INFO"]);
  if (info !== undefined) return info;
  throw new VouchError(
    "exec-info-invalid",
    "KUBERNETES_EXEC_INFO does not request an ExecCredential of client.authentication.k8s.io/v1 or v1beta1.",
  );
}
