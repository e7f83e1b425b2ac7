import { badRequest } from "./api-error.ts";
import { type FieldType, MESSAGES, type Message } from "./protobuf-messages.ts";

/** First bytes of a protobuf body. Source: kubernetes/apimachinery, pkg/runtime/serializer/protobuf. */
const MAGIC = "k8s\u0000";

type Fields = Map<number, (Buffer | number)[]>;

/**
 * An object out of Kubernetes' protobuf envelope: kubectl 1.36 sends what it creates in this form. Undefined for a
 * kind whose message is not described here. Answers are always JSON.
 */
export function decodeProtobuf(body: Buffer): Record<string, unknown> | undefined {
  if (body.subarray(0, 4).toString("latin1") !== MAGIC)
    throw badRequest("provided data does not appear to be a protobuf message");
  const envelope = readFields(body.subarray(4));
  const type = readFields(bytesOf(envelope, 1));
  const [apiVersion, kind] = [bytesOf(type, 1).toString(), bytesOf(type, 2).toString()];
  const message = MESSAGES[kind];
  return message && { apiVersion, kind, ...readMessage(bytesOf(envelope, 2), message) };
}

function readMessage(bytes: Buffer, message: Message): Record<string, unknown> {
  const fields = readFields(bytes);
  const result: Record<string, unknown> = {};
  for (const [number, { name, type }] of message) {
    const values = fields.get(number);
    const value = values && readValue(values, type);
    if (value !== undefined) result[name] = value;
  }
  return result;
}

/** Go's zero values are on the wire and not in JSON: they are left out. */
function readValue(values: (Buffer | number)[], type: FieldType) {
  const [first = 0] = values;
  const buffers = values.filter((value) => typeof value !== "number");
  if (type instanceof Map) return readMessage(buffers[0] ?? Buffer.alloc(0), type);
  if (typeof type === "object" && "each" in type) {
    const { each } = type;
    return buffers.map((buffer) => (each === "string" ? buffer.toString() : readMessage(buffer, each)));
  }
  if (typeof type === "object") {
    return Object.fromEntries(buffers.map((buffer) => readEntry(buffer, type.values)));
  }
  if (type === "int") return Number(first);
  if (type === "bool") return first === 1 ? true : undefined;
  const text = buffers[0]?.toString() ?? "";
  return text === "" ? undefined : text;
}

function readEntry(buffer: Buffer, values: "string" | "bytes" | "strings"): [string, unknown] {
  const entry = readFields(buffer);
  const value = bytesOf(entry, 2);
  const key = bytesOf(entry, 1).toString();
  if (values === "bytes") return [key, value.toString("base64")];
  if (values === "string") return [key, value.toString()];
  return [key, (readFields(value).get(1) ?? []).map(String)];
}

function bytesOf(fields: Fields, number: number): Buffer {
  const [value] = fields.get(number) ?? [];
  return value instanceof Buffer ? value : Buffer.alloc(0);
}

/** The wire format: varints and length-delimited values; Kubernetes' types use no others. */
function readFields(bytes: Buffer): Fields {
  const fields: Fields = new Map();
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let shift = 0; at < bytes.length; shift += 7) {
      const byte = bytes[at++] ?? 0;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) break;
    }
    return value;
  };
  while (at < bytes.length) {
    const tag = varint();
    let value: Buffer | number = varint();
    if ((tag & 7) === 2) {
      const end = at + value;
      value = bytes.subarray(at, end);
      at = end;
    } else if ((tag & 7) !== 0) {
      throw badRequest("proto: illegal wireType");
    }
    fields.set(tag >> 3, [...(fields.get(tag >> 3) ?? []), value]);
  }
  return fields;
}
