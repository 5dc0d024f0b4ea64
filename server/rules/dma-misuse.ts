// dma-misuse: a device is given memory on the stack, or a DMA address that nobody asked whether it is one.
import { eachFunction } from "../analysis/each-function.ts";
import { stackBuffers, unaskedMapping } from "../analysis/stack-buffers.ts";
import type { Finding, Rule } from "./rule.ts";
import { related } from "./wording.ts";

export const dmaMisuse: Rule = {
  id: "dma-misuse",
  severity: "warning",
  summary: "A device is given memory on the stack, or a DMA address of which nobody asked whether the mapping failed.",
  check(program, facts) {
    return eachFunction(dmaMisuse, program, facts, ({ fn }, program): readonly Finding[] => {
      const base = { rule: "dma-misuse", file: program.path, function: fn.name, fixes: [] };
      const buffers = stackBuffers(program, fn).map(
        ({ callee, what, variable, start, end }): Finding => ({
          ...base,
          severity: "warning",
          message: `${callee}() hands \`${what}\` to a device, and it lies on the stack, which is no memory for DMA: allocate it with kmalloc()`,
          start,
          end,
          related: [related(program, variable.nameSpan, `\`${variable.name}\` is declared here, on the stack`)],
        }),
      );
      const unasked = unaskedMapping(program, fn);
      if (unasked === undefined) return buffers;
      const { callee, start, end } = unasked;
      const message = `nothing asks dma_mapping_error() whether ${callee}() failed: the device may then write anywhere`;
      return [...buffers, { ...base, severity: "information", message, start, end, related: [] }];
    });
  },
};
