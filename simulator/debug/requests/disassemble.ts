// `disassemble`: the statements around an address, as the instructions that the simulated machine runs.
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Debuggee } from "../debuggee.ts";
import { badArgument } from "../errors.ts";
import { addressOf, referenceTo } from "../references.ts";
import { textOf } from "../statements.ts";

const MOST = 100_000;

export function disassemble(
  debuggee: Debuggee,
  { memoryReference, offset, instructionOffset = 0, instructionCount }: DebugProtocol.DisassembleArguments,
): DebugProtocol.DisassembleResponse["body"] {
  if (!Number.isInteger(instructionCount) || instructionCount < 0 || instructionCount > MOST) {
    throw badArgument("instructionCount", "a number of statements");
  }
  const { statements, sources } = debuggee;
  const first = statements.indexOf(addressOf(memoryReference, offset)) + Math.trunc(instructionOffset);
  const instructions = Array.from({ length: instructionCount }, (_, index): DebugProtocol.DisassembledInstruction => {
    const statement = statements.all[first + index];
    if (statement === undefined) {
      const address = referenceTo(Math.max(0, statements.addressAt(first + index)));
      return { address, instruction: "no statement", presentationHint: "invalid" };
    }
    const { address, site } = statement;
    const before = statements.all[first + index - 1]?.site;
    const begins = before?.fn !== site.fn || before.file !== site.file;
    return {
      address: referenceTo(address),
      instruction: textOf(sources, site),
      ...(begins ? { symbol: site.fn } : {}),
      location: sources.shown(site.file),
      line: site.line,
      column: site.column,
      endLine: site.endLine,
      endColumn: site.endColumn,
    };
  });
  return { instructions };
}
