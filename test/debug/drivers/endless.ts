// A driver whose init never ends.
import { MODULE_LICENSE, module_init } from "linux/module";
import type { int } from "linux/types";

function endless_init(): int {
  let n = 0;
  for (;;) n = (n + 1) & 0xff;
}

module_init(endless_init);
MODULE_LICENSE("GPL");
