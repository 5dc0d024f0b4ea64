// What /sys shows of input devices: who they are, and what they have.
// Source: drivers/input/input.c
import type { Core } from "./core.ts";
import type { Input } from "./input.ts";
import { input_dev } from "./input-layouts.ts";
import type { ModelFiles } from "./model-files.ts";
import { Struct } from "./struct.ts";
import { textAt } from "./text.ts";

/** The parts of the kernel that it stands on. */
interface Parts {
  readonly core: Core;
  readonly input: Input;
  readonly model: ModelFiles;
}

const CAPABILITIES = ["ev", "key", "rel", "abs", "msc", "led", "snd", "ff", "sw"];
const IDS = ["bustype", "vendor", "product", "version"];

/** Gives /sys/class/input/input… its attributes. */
export function addInputFiles({ core, input, model }: Parts): void {
  const fields = new Struct(core.memory, input_dev);
  const provide = (directory: string, name: string, show: (address: number) => string): void =>
    model.provide({
      directory,
      name,
      show: (dev) => `${show(input.ofDevice(dev)!)}\n`,
      isFor: (dev) => input.ofDevice(dev) !== undefined,
    });
  for (const name of ["name", "phys", "uniq"]) {
    provide("", name, (address) => {
      const text = fields.get(address, name);
      return text === 0 ? "" : textAt(core.memory, text);
    });
  }
  provide("", "properties", (address) => bits(address, "propbit"));
  for (const [index, name] of IDS.entries()) {
    provide("id", name, (address) =>
      core.memory
        .peek(fields.at(address, "id") + 2 * index, 2)
        .toString(16)
        .padStart(4, "0"),
    );
  }
  for (const name of CAPABILITIES) provide("capabilities", name, (address) => bits(address, `${name}bit`));

  /** input_print_bitmap(): words from the first that is not 0 on, the highest first. */
  function bits(address: number, member: string): string {
    const start = fields.at(address, member);
    const words = Array.from({ length: fields.bytesOf(member) / 4 }, (_, index) =>
      core.memory.peek(start + 4 * index, 4),
    );
    const last = words.findLastIndex((word) => word !== 0);
    if (last < 0) return "0";
    return words
      .slice(0, last + 1)
      .reverse()
      .map((word) => word.toString(16))
      .join(" ");
  }
}
