import { maskText } from "../../token/masking/mask-text.ts";
import { type SettingName, settingKey } from "../../token/settings/setting-keys.ts";

/** A setting's value as people write it: a switch is `on` or `off`. */
export function shownSetting(name: SettingName, value: string | boolean): string | boolean {
  if (settingKey(name).kind !== "switch") return value;
  return value === true ? "on" : "off";
}

/** An address may hold a password, a proxy's also one without a scheme; a user alone may be a token. */
export function withoutPassword(value: string): string {
  return value
    .replace(/^((?:[a-z][a-z\d+.-]*:\/\/)?[^:@]*):.*@/i, "$1:***@")
    .replace(/^((?:[a-z][a-z\d+.-]*:)?\/\/)[^:@/]*@/i, "$1***@");
}

/** What somebody typed, to be repeated to him: nothing in it lets anybody in. */
export function repeated(text: string): string {
  return maskText(withoutPassword(text));
}
