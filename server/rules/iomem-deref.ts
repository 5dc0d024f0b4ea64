// iomem-deref: a pointer marked __iomem is followed directly.

import { markedDerefs } from "./marked-pointers.ts";
import type { Rule } from "./rule.ts";

export const iomemDeref: Rule = {
  id: "iomem-deref",
  severity: "warning",
  summary: "An __iomem pointer is followed directly instead of through readl(), writel() and their like.",
  check(program, facts) {
    return markedDerefs(program, facts, "__iomem").map(({ fn, place, callee, declared, start, end }) => ({
      rule: "iomem-deref",
      severity: "warning" as const,
      message: `\`${place}\` points to device memory: use ${callee === undefined ? "readl()/writel() or their like" : `memcpy_fromio(), memcpy_toio() or memset_io() in place of ${callee}()`}`,
      file: program.path,
      function: fn,
      start,
      end,
      related: declared,
      fixes: [],
    }));
  },
};
