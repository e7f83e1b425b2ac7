/** Usage page and usage of a FIDO key's HID collection. Source: CTAP.md, "Devices". */
export const FIDO_USAGE_PAGE = 0xf1d0;
export const FIDO_USAGE = 0x01;

/** Short items of a report descriptor, without their size bits. Source: HID 1.11, 6.2.2. */
const ITEM = { collection: 0xa0, endCollection: 0xc0, usagePage: 0x04, usage: 0x08 };
const LONG_ITEM = 0xfe;

/** Whether a HID report descriptor declares a FIDO key: a top-level collection with that usage. */
export function isFidoDescriptor(descriptor: Uint8Array): boolean {
  let page = 0;
  let usage: number | undefined;
  let depth = 0;
  for (const { tag, value } of items(descriptor)) {
    if (tag === ITEM.usagePage) {
      page = value;
    } else if (tag === ITEM.usage) {
      usage ??= value;
    } else if (tag === ITEM.collection) {
      if (depth === 0 && page === FIDO_USAGE_PAGE && usage === FIDO_USAGE) {
        return true;
      }
      depth += 1;
      usage = undefined;
    } else if (tag === ITEM.endCollection) {
      depth -= 1;
    }
    if (isMain(tag)) {
      usage = undefined;
    }
  }
  return false;
}

function* items(descriptor: Uint8Array): Generator<{ readonly tag: number; readonly value: number }> {
  for (let at = 0; at < descriptor.length; ) {
    const prefix = descriptor[at] ?? 0;
    if (prefix === LONG_ITEM) {
      at += 3 + (descriptor[at + 1] ?? 0);
      continue;
    }
    const size = [0, 1, 2, 4][prefix & 0x03] ?? 0;
    const data = descriptor.subarray(at + 1, at + 1 + size);
    yield { tag: prefix & 0xfc, value: data.reduceRight((value, byte) => value * 256 + byte, 0) };
    at += 1 + size;
  }
}

/** Main items consume local items, such as the usage. */
function isMain(tag: number): boolean {
  return (tag & 0x0c) === 0;
}
