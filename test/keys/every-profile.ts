import { SOFT_KEY_PROFILES, type SoftKeyProfile } from "../lab/key/soft-key-profiles.ts";

/** Every model of key that speaks FIDO2, once with each PIN protocol it knows alone; by what tells them apart. */
export const FIDO2_KEYS: readonly (readonly [string, SoftKeyProfile])[] = SOFT_KEY_PROFILES.flatMap(
  (profile) =>
    profile.pinUvAuthProtocols.map(
      (protocol) =>
        [
          `${profile.name}, PIN protocol ${protocol}`,
          { ...profile, pinUvAuthProtocols: [protocol] },
        ] as const,
    ),
);
