// What is taken for kernel code when no Kbuild says so: headers of the kernel, and words that only kernel code has.
import { expect, test } from "vitest";
import { checkText } from "../../server/features/check.ts";
import { checkerOf } from "./folder.ts";

const body = "static int count(int n)\n{\n\treturn n + 1;\n}\n";
const allocates = "void *make(void)\n{\n\treturn kzalloc(8, GFP_KERNEL);\n}\n";

const isKernelCode = (text: string, path = "a.c"): boolean =>
  checkText(checkerOf({ [path]: text }), `/driver/${path}`, text).skipped === undefined;

test.each<[string, string]>([
  ["a header of linux/", `#include <linux/slab.h>\n${body}`],
  ["a header of linux/ beside one of the C library", `#include <linux/slab.h>\n#include <stdio.h>\n${body}`],
  ["nothing but a header of media/", `#include <media/v4l2-device.h>\n${body}`],
  ["nothing but a header of drm/", `#include <drm/drm_atomic.h>\n${body}`],
  ["a header of its own and a kernel allocation", `#include "foo.h"\n${allocates}`],
  ["a module's licence", `${body}MODULE_LICENSE("GPL");\n`],
])("kernel code: %s", (_, text) => {
  expect(isKernelCode(text)).toBe(true);
});

test.each<[string, string]>([
  ["no include at all", body],
  ["headers of the C library", `#include <stdio.h>\n${allocates}`],
  ["a header that is there for user space", `#include <drm/drm_mode.h>\n${body}`],
  ["a network header beside one of the C library", `#include <net/if.h>\n#include <stdlib.h>\n${body}`],
  ["a header of its own and no word of the kernel", `#include "foo.h"\n${body}`],
  ["a header of the user's own and the C library", `#include "foo.h"\n#include <string.h>\n${allocates}`],
])("not kernel code: %s", (_, text) => {
  expect(isKernelCode(text)).toBe(false);
});
