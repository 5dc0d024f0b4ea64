// linux/module and linux/moduleparam: how a module begins, ends, what it is, and what it can be told.
import type { Raw } from "../engine/interfaces.ts";
import { GFP_KERNEL } from "../kernel/gfp.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { module as module_layout } from "../kernel/layouts.ts";
import { aliasesOf } from "../kernel/module-aliases.ts";
import { kernel_param, kernel_param_ops } from "../kernel/module-params.ts";
import { Header } from "./header.ts";

/** THIS_MODULE, too, is found here: each image has its own. */
export function module(kernel: Kernel): Header {
  const { core, modules } = kernel;
  const header = new Header(core);
  header.layout("module", module_layout);
  /** The kernel's own code belongs to no module. */
  header.constant("THIS_MODULE", 0);

  /** Names the function that runs when the module is loaded. At file scope. */
  header.plain("module_init", ["callback"], "void", (init: number) => modules.setInit(init));
  /** Names the function that runs when it is unloaded. At file scope. */
  header.plain("module_exit", ["callback"], "void", (exit: number) => modules.setExit(exit));
  /** MODULE_LICENSE and its kin say what the module is. At file scope. */
  for (const key of ["LICENSE", "AUTHOR", "DESCRIPTION", "VERSION", "ALIAS", "FIRMWARE", "SOFTDEP"]) {
    header.plain(`MODULE_${key}`, ["string"], "void", (text: number) =>
      modules.setInfo(key.toLowerCase(), kernel.textAt(text)),
    );
  }
  /** Says which devices the module is for, so that user space loads it when one appears. At file scope. */
  header.plain("MODULE_DEVICE_TABLE", ["string", "ptr"], "void", (bus: number, table: number) => {
    for (const alias of aliasesOf(core.memory, kernel.textAt(bus), table)) modules.setInfo("alias", alias);
  });
  /** Makes a function callable by other modules. At file scope. */
  for (const name of ["EXPORT_SYMBOL", "EXPORT_SYMBOL_GPL"]) {
    header.plain(name, ["callback"], "void", (address: number) =>
      kernel.symbols.add(core.engine.functionAt(address) ?? "?", address),
    );
  }
  /** Keeps a module loaded. Any context. Whether it is still there. */
  header.plain("try_module_get", [module_layout], "bool", (it: number) => modules.get(it));
  /** Lets a module go that try_module_get kept. Any context. */
  header.plain("module_put", [module_layout], "void", (it: number) => modules.put(it));
  /** Keeps a module loaded that is known to be. Any context. */
  header.plain("__module_get", [module_layout], "void", (it: number) => {
    modules.get(it);
  });
  /** The address of a symbol that a module exported; drivers cannot call it in Linux. Task context, may sleep. 0: none. */
  header.plain("kallsyms_lookup_name", ["string"], "u32", (name: number) => kernel.symbols.find(kernel.textAt(name)));
  /** Writes what lies at an address: `name+0x0/0x10`. Any context. Bytes written. */
  header.plain("sprint_symbol", ["ptr", "u32"], "int", (to: number, address: number) => {
    const name = core.engine.functionAt(address);
    const text = name === undefined ? `0x${address.toString(16)}` : `${name}+0x0/0x10`;
    kernel.putText(to, text);
    return text.length;
  });
  parameters(header, kernel);
  return header;
}

function parameters(header: Header, kernel: Kernel): void {
  const { modules, params } = kernel;
  header.layout("kernel_param", kernel_param);
  header.layout("kernel_param_ops", kernel_param_ops);
  const module = (): string => modules.current ?? "";
  const typeOf = (text: number): string => kernel.textAt(text).replace(/^.*\./, "");
  /** A variable that insmod sets. At file scope. Its address. */
  header.plain(
    "module_param",
    ["string", "size", "any", "u32"],
    "arg0",
    (name: number, _size: number, initial: Raw, perm: number, type: number) =>
      params.scalar(module(), kernel.textAt(name), typeOf(type), Number(initial ?? 0), perm),
    { stringizes: [1] },
  );
  /** An array that insmod sets; `count` is told how many elements. At file scope. Its address. */
  header.plain(
    "module_param_array",
    ["string", "size", "u32", "ptr", "u32"],
    "arg0",
    (name: number, _size: number, most: number, count: number, perm: number, type: number) =>
      params.array(module(), kernel.textAt(name), typeOf(type), most, count, perm),
    { stringizes: [1] },
  );
  /** A parameter that the driver's own functions set and show. At file scope. */
  header.plain(
    "module_param_cb",
    ["string", kernel_param_ops, "ptr", "u32"],
    "void",
    (name: number, ops: number, arg: number, perm: number) =>
      params.callback(module(), kernel.textAt(name), ops, arg, perm),
  );
  /** Says what a parameter is for. At file scope. */
  header.plain("MODULE_PARM_DESC", ["string", "string"], "void", (name: number, text: number) => {
    params.describe(module(), kernel.textAt(name), kernel.textAt(text));
    modules.setInfo("parm", `${kernel.textAt(name)}:${kernel.textAt(text)}`);
  });
  const arg = (param: number): number => kernel.core.memory.load(param + 8, 4, false);
  for (const type of ["int", "uint", "bool", "charp"]) {
    /** Sets the variable of a parameter from a text. Task context. 0, or a negative errno. */
    header.plain(`param_set_${type}`, ["string", kernel_param], "int", (text: number, param: number) => {
      // Its copy of the text is from kmalloc().
      if (type === "charp") kernel.slab.mightAlloc(GFP_KERNEL, "param_set_charp");
      return params.store(type, arg(param), kernel.textAt(text).replace(/\n$/, ""));
    });
    /** Writes the variable of a parameter as text. Task context. Bytes written. */
    header.plain(`param_get_${type}`, ["ptr", kernel_param], "int", (to: number, param: number) => {
      const text = `${params.show(type, arg(param))}\n`;
      kernel.putText(to, text);
      return text.length;
    });
  }
}
