// `writeMemory`: changes bytes of the heap, or writes registers as a driver would; it becomes a part of the run's log.
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Debuggee } from "../debuggee.ts";
import { notEvaluated } from "../errors.ts";
import { isHeap, registersIn } from "../memory.ts";
import { addressOf, referenceTo } from "../references.ts";

export function writeMemory(
  debuggee: Debuggee,
  { memoryReference, offset, data, allowPartial = false }: DebugProtocol.WriteMemoryArguments,
): DebugProtocol.WriteMemoryResponse["body"] {
  const machine = debuggee.still;
  const address = addressOf(memoryReference, offset);
  const bytes = new Uint8Array(Buffer.from(String(data), "base64"));
  if (bytes.length === 0) return { bytesWritten: 0 };
  const registers = registersIn(machine, address, bytes);
  if (registers !== undefined) {
    if (registers.length === 0) throw notEvaluated("No register that can be written lies wholly within these bytes.");
    for (const { device, register, value } of registers) {
      debuggee.act({ kind: "register", device: device.name, register: register.name, value });
    }
    debuggee.wrote(address, bytes.length);
    return { bytesWritten: bytes.length };
  }
  let count = bytes.length;
  while (count > 0 && !isHeap(machine, address, count)) count--;
  if (count === 0 || (count < bytes.length && !allowPartial)) {
    throw notEvaluated(`There is no memory at ${referenceTo(address + count)}.`);
  }
  debuggee.act({ kind: "memory", address, bytes: [...bytes.subarray(0, count)] });
  debuggee.wrote(address, count);
  return { bytesWritten: count };
}
