import type { SecurityKeys } from "../../../token/fido2/hid/security-keys.ts";
import type { SoftKey } from "./soft-key.ts";

/** Software keys instead of those plugged into the machine. */
export function softSecurityKeys({ keys }: { readonly keys: readonly SoftKey[] }): SecurityKeys {
  const places = keys.map((key, index) => ({ key, path: `/dev/hidraw${index}`, name: key.profile.name }));
  return {
    async list() {
      return places.filter(({ key }) => key.isPlugged).map(({ path, name }) => ({ path, name }));
    },
    async open({ path }) {
      const place = places.find((candidate) => candidate.path === path);
      if (place === undefined) {
        throw new Error(`there is no key at ${path}`);
      }
      return place.key.open();
    },
  };
}
