import { CTAP_STATUS, CtapStatusError } from "./ctap-status.ts";
import type { KeyInfo } from "./key-info.ts";
import type { FoundKey } from "./open-key.ts";
import { holdsCredential } from "./pre-flight.ts";

/** Bytes of a message that a list cannot use: names, hashes, the proof of the PIN. */
const BESIDE_THE_LIST = 512;
/** Bytes of an entry besides its id: `{"id": …, "type": "public-key"}`. */
const ENTRY = 24;

/** The ids that the key could know, in lists as long as it accepts. Source: CTAP.md, "getInfo" and "getAssertion". */
export function listsFor(ids: readonly Uint8Array[], info: KeyInfo): Uint8Array[][] {
  const { maxCredentialIdLength = Number.POSITIVE_INFINITY, maxCredentialsInList, maxMessageSize } = info;
  const room = maxMessageSize - BESIDE_THE_LIST;
  const lists: { ids: Uint8Array[]; bytes: number }[] = [];
  for (const id of ids.filter(({ length }) => length <= maxCredentialIdLength)) {
    const bytes = id.length + ENTRY;
    const last = lists.at(-1);
    if (last !== undefined && last.ids.length < maxCredentialsInList && last.bytes + bytes <= room) {
      last.ids.push(id);
      last.bytes += bytes;
    } else {
      lists.push({ ids: [id], bytes });
    }
  }
  return lists.map((list) => list.ids);
}

/**
 * The ids to send with the command. If they are more than the key accepts at once, it is asked about list after list, without a
 * touch, and the command needs none; a match is thrown as the status with which the command would have ended.
 */
export async function excludeList(
  key: FoundKey,
  { rpId, ids }: { readonly rpId: string; readonly ids: readonly Uint8Array[] },
): Promise<readonly Uint8Array[]> {
  const [first = [], ...others] = listsFor(ids, key.info);
  if (others.length === 0) return first;
  for (const list of [first, ...others]) {
    if (await holdsCredential(key, rpId, "none", list))
      throw new CtapStatusError(CTAP_STATUS.credentialExcluded);
  }
  return [];
}
