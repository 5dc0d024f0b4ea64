// linux/jump_label and linux/compiler: static keys; reads and writes that happen once.
import type { Raw } from "../engine/interfaces.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { static_key } from "../kernel/static-keys.ts";
import { Header } from "./header.ts";

export function jumpLabel(kernel: Kernel): Header {
  const { core, staticKeys, statics } = kernel;
  const header = new Header(core);
  header.layout("static_key", static_key);
  for (const [name, enabled] of [
    ["DEFINE_STATIC_KEY_FALSE", 0],
    ["DEFINE_STATIC_KEY_TRUE", 1],
  ] as const) {
    /** A static key of this name, off or on. At file scope. Its address. */
    header.plain(name, ["string"], static_key, (text: number) => {
      const key = statics.global(static_key.size, static_key.align, kernel.textAt(text));
      core.memory.poke(key, 4, enabled);
      return key;
    });
  }
  /** Whether the key is on; in Linux a jump or none. Any context. */
  for (const name of ["static_branch_likely", "static_branch_unlikely", "static_key_enabled"]) {
    header.plain(name, [static_key], "bool", (key: number) => staticKeys.isOn(key));
  }
  /** How often it was counted up. Any context. */
  header.plain("static_key_count", [static_key], "int", (key: number) => staticKeys.count(key));
  /** Switches a key on, or off. Task context, may sleep. */
  for (const [name, isOn] of [
    ["static_branch_enable", true],
    ["static_branch_disable", false],
  ] as const) {
    header.plain(name, [static_key], "void", (key: number) => staticKeys.set(key, isOn, name));
  }
  /** Counts a key up, or down: it is on while the count is not 0. Task context, may sleep. */
  for (const [name, amount] of [
    ["static_branch_inc", 1],
    ["static_branch_dec", -1],
  ] as const) {
    header.plain(name, [static_key], "void", (key: number) => staticKeys.add(key, amount, name));
  }
  return header;
}

export function compiler({ core }: Kernel): Header {
  const header = new Header(core);
  /** A value that is read once, as others may write it: `READ_ONCE(d.done)`. Any context. The value. */
  header.plain("READ_ONCE", ["any"], "first", (value: Raw) => value);
  /** The value to write once, as others may read it: `d.done = WRITE_ONCE(1)`. Any context. The value. */
  header.plain("WRITE_ONCE", ["any"], "first", (value: Raw) => value);
  /** A value that may change while it is read, which is meant so: KCSAN does not tell. Any context. The value. */
  header.plain("data_race", ["any"], "first", (value: Raw) => value);
  return header;
}
