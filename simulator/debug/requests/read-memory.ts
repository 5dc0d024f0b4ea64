// `readMemory`: bytes of the heap and of devices; looking at registers has no effect on them.
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Debuggee } from "../debuggee.ts";
import { badArgument } from "../errors.ts";
import { byteAt } from "../memory.ts";
import { addressOf, referenceTo } from "../references.ts";

const MOST_BYTES = 1 << 20;

export function readMemory(
  debuggee: Debuggee,
  { memoryReference, offset, count }: DebugProtocol.ReadMemoryArguments,
): DebugProtocol.ReadMemoryResponse["body"] {
  const machine = debuggee.still;
  const start = addressOf(memoryReference, offset);
  if (!Number.isSafeInteger(count) || count < 0 || count > MOST_BYTES) throw badArgument("count", "a number of bytes");
  const bytes: number[] = [];
  for (let at = 0; at < count; at++) {
    const byte = byteAt(machine, start + at);
    if (byte === undefined) break;
    bytes.push(byte);
  }
  const unreadableBytes = count - bytes.length;
  return {
    address: referenceTo(start),
    ...(unreadableBytes === 0 ? {} : { unreadableBytes }),
    ...(bytes.length === 0 ? {} : { data: Buffer.from(bytes).toString("base64") }),
  };
}
