import { readWitnessed } from "../../../files/witnessed-file.ts";
import { currentFile } from "../../../hot/state-files.ts";
import type { VouchProcess } from "../../vouch-process.ts";
import { digestOf, type OpenedSource, type SourceAccess, sha256, witnessOf } from "../opened-source.ts";

/**
 * A `credential_process` that is ours, or upstream's `vouch`: answered by ourselves, with whoever is logged in. Nothing is run,
 * so that nobody need approve it.
 */
export async function openVouch(vouch: VouchProcess, access: SourceAccess): Promise<OpenedSource> {
  const { role, via, server, account } = vouch;
  const file = currentFile(access.state);
  const { text = "", identity } = readWitnessed(file, access.clock());
  return {
    digest: digestOf("vouch", role, via.join(), server, account, access.agent, sha256(text)),
    witnesses: witnessOf(file, identity),
    credentials: () => access.vouchCredentials(vouch),
  };
}
