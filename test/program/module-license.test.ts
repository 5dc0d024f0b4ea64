// Whose licence is missing: the module's files, the Makefile and the Kconfig around a file have a say.
import { expect, test } from "vitest";
import { type Folder, said } from "./folder.ts";

const main = "#include <linux/module.h>\nstatic int __init a_init(void)\n{\n\treturn 0;\n}\nmodule_init(a_init);\n";
const other = '#include <linux/module.h>\nvoid b(void);\nvoid b(void)\n{\n}\nMODULE_LICENSE("GPL");\n';
const missing = ["a.c:6 missing-module-license"];
const kconfig = (type: string) => `config FOO\n\t${type} "Foo"\n\thelp\n\t  Foo.\n`;
const option = "obj-$(CONFIG_FOO) += foo.o\nfoo-y := a.o\n";

test.each<[string, Folder, readonly string[]]>([
  ["nothing around it", {}, missing],
  ["a licence in another file of the module", { "b.c": other, Makefile: "obj-m := foo.o\nfoo-y := a.o b.o\n" }, []],
  ["a licence in another module", { "b.c": other, Makefile: "obj-m := a.o b.o\n" }, missing],
  ["a file of the module that cannot be read", { Makefile: "obj-m := foo.o\nfoo-y := a.o b.o\n" }, []],
  ["an object of the kernel", { Makefile: "obj-y += a.o\n" }, []],
  ["an option that is yes or no", { Makefile: option, Kconfig: kconfig("bool") }, []],
  ["an option that may be m", { Makefile: option, Kconfig: kconfig("tristate") }, missing],
  ["an option that is declared elsewhere", { Makefile: "obj-$(CONFIG_BAR) += a.o\n", Kconfig: kconfig("bool") }, []],
  ["no Kconfig", { Makefile: option }, missing],
])("with %s", (_, files, expected) => {
  expect(said({ "a.c": main, ...files }, "a.c")).toEqual(expected);
});
