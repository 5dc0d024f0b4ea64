// iomem-deref: a pointer marked __iomem is followed directly.
import type { Rule } from "./rule.ts";
import { markedDerefs } from "./marked-pointers.ts";

export const iomemDeref: Rule = {
  id: "iomem-deref",
  severity: "warning",
  summary: "An __iomem pointer is followed directly instead of through readl(), writel() and their like.",
  check(program, facts) {
    return markedDerefs(program, facts, "__iomem").map(({ fn, place, declared, start, end }) => ({
      rule: "iomem-deref",
      severity: "warning" as const,
      message: `\`${place}\` points to device memory: use readl()/writel() or their like`,
      file: program.path,
      function: fn,
      start,
      end,
      related: declared,
      fixes: [],
    }));
  },
};
