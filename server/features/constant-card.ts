// The card of a macro of the driver that stands for a number: the bits of a mask, the parts of an ioctl number.
import { ioctlNumber, maskOf } from "../analysis/named-numbers.ts";
import type { Program } from "../program/program.ts";

export function constantCard(program: Program, name: string): string | undefined {
  return ioctlCard(program, name) ?? maskCard(program, name);
}

function ioctlCard(program: Program, name: string): string | undefined {
  const ioctl = ioctlNumber(program, name);
  if (ioctl === undefined) return undefined;
  const { direction, argument, bytes, type, number, whole } = ioctl;
  const size = bytes === undefined ? "" : ` of ${bytes} byte${bytes === 1 ? "" : "s"}`;
  const lines = [definition(name, ioctl.body), `${WAYS[direction].replace("%", `a \`${argument}\`${size}`)}.`];
  if (whole !== undefined) {
    const letter = type! > 32n && type! < 127n ? ` ('${String.fromCharCode(Number(type))}')` : "";
    lines.push(
      `Type ${hex(type!)}${letter}, number ${number}: ${hex(whole)}, on architectures with the generic layout.`,
    );
  }
  return lines.join("\n\n");
}

const WAYS = {
  "": "An ioctl without an argument that is copied",
  W: "User space hands over %: the handler reads it with `copy_from_user()`",
  R: "User space gets %: the handler writes it with `copy_to_user()`",
  WR: "User space hands over % and gets it back: `copy_from_user()`, then `copy_to_user()`",
};

function maskCard(program: Program, name: string): string | undefined {
  const mask = maskOf(program, name);
  if (mask === undefined) return undefined;
  const { body, value, runs } = mask;
  const bits = runs.map(([high, low]) => (high === low ? `${high}` : `${high}–${low}`)).join(", ");
  const what = runs.length === 0 ? "no bit" : `bit${runs.length > 1 || runs[0]![0] !== runs[0]![1] ? "s" : ""} ${bits}`;
  return `${definition(name, body)}\n\n${hex(value)}: ${what}`;
}

function definition(name: string, body: string): string {
  return `\`\`\`c\n#define ${name} ${body}\n\`\`\``;
}

function hex(value: bigint): string {
  return `0x${value.toString(16)}`;
}
