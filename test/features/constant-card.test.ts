// What a hover says of the numbers that a driver gives names to: masks and ioctl numbers.
import { expect, test } from "vitest";
import { checkText, defaultOptions } from "../../server/features/check.ts";
import { hover } from "../../server/features/hover.ts";
import { createChecker } from "../checker.ts";

const checker = await createChecker();

const driver = `#include <linux/bits.h>
#include <linux/ioctl.h>
#include <linux/module.h>

#define DIAL_MAGIC 'd'
#define DIAL_ENABLE BIT(7) /* starts it */
#define DIAL_MODE GENMASK(5, 4)
#define DIAL_SPEED_SHIFT 8
#define DIAL_SPEED (0xfu << DIAL_SPEED_SHIFT)
#define DIAL_ALL (DIAL_ENABLE | DIAL_MODE | 0x3)
#define DIAL_OTHERS (DIAL_UNKNOWN | BIT(0))
#define DIAL_COUNT 12
#define DIAL_WIDE BIT_ULL(40)

struct dial_setting {
	__u32 speed;
	__u8 mode;
};

struct dial_table {
	__u8 count;
	__u64 speeds[3];
};

struct dial_local {
	long speed;
};

#define DIAL_SET _IOW(DIAL_MAGIC, 1, struct dial_setting)
#define DIAL_GET _IOR('d', 2, __u32)
#define DIAL_SWAP _IOWR('d', 3, struct dial_setting)
#define DIAL_RESET _IO('d', 4)
#define DIAL_TABLE _IOW('d', 6, struct dial_table)
#define DIAL_LOCAL _IOW('d', 7, struct dial_local)
#define DIAL_FAR _IOR('d', 5, struct dial_unknown)

long dial_ioctl(unsigned int cmd);
long dial_ioctl(unsigned int cmd)
{
	return cmd;
}
`;

/** The last lines of the card, without the definition that it begins with. */
function said(name: string): string | undefined {
  const checked = checkText(checker, "/drivers/dial.c", driver, defaultOptions);
  const card = hover(checker.knowledge, checked, driver, driver.indexOf(name))?.markdown;
  return card?.replace(/^```c\n.*?\n```\n\n/s, "");
}

test.each([
  ["DIAL_ENABLE", "0x80: bit 7"],
  ["DIAL_MODE", "0x30: bits 5–4"],
  ["DIAL_SPEED ", "0xf00: bits 11–8"],
  ["DIAL_ALL", "0xb3: bits 7, 5–4, 1–0"],
  ["DIAL_WIDE", "0x10000000000: bit 40"],
])("the mask %s", (name, card) => {
  expect(said(name)).toBe(card);
});

test.each([
  [
    "DIAL_SET",
    "User space hands over a `struct dial_setting` of 8 bytes: the handler reads it with `copy_from_user()`.\n\nType 0x64 ('d'), number 1: 0x40086401, on architectures with the generic layout.",
  ],
  [
    "DIAL_GET",
    "User space gets a `__u32` of 4 bytes: the handler writes it with `copy_to_user()`.\n\nType 0x64 ('d'), number 2: 0x80046402, on architectures with the generic layout.",
  ],
  [
    "DIAL_SWAP",
    "User space hands over a `struct dial_setting` of 8 bytes and gets it back: `copy_from_user()`, then `copy_to_user()`.\n\nType 0x64 ('d'), number 3: 0xc0086403, on architectures with the generic layout.",
  ],
  [
    "DIAL_RESET",
    "An ioctl without an argument that is copied.\n\nType 0x64 ('d'), number 4: 0x6404, on architectures with the generic layout.",
  ],
  [
    "DIAL_TABLE",
    "User space hands over a `struct dial_table` of 32 bytes: the handler reads it with `copy_from_user()`.\n\nType 0x64 ('d'), number 6: 0x40206406, on architectures with the generic layout.",
  ],
  ["DIAL_LOCAL", "User space hands over a `struct dial_local`: the handler reads it with `copy_from_user()`."],
  ["DIAL_FAR", "User space gets a `struct dial_unknown`: the handler writes it with `copy_to_user()`."],
])("the ioctl number %s", (name, card) => {
  expect(said(name)).toBe(card);
});

test.each(["DIAL_OTHERS", "DIAL_COUNT", "dial_setting"])("nothing of %s, which is neither", (name) => {
  expect(said(name)).toBeUndefined();
});
