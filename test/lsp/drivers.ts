// Small drivers that the tests of the programs and of the editor open.

/** Sleeps under a spinlock: one sleep-in-atomic with a quick fix. */
export const sleeper = `// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

static DEFINE_SPINLOCK(sleeper_lock);
static void *sleeper_buffer;

static int sleeper_fill(size_t count)
{
	int ret = 0;

	spin_lock(&sleeper_lock);
	kfree(sleeper_buffer);
	sleeper_buffer = kmalloc(count, GFP_KERNEL);
	if (!sleeper_buffer)
		ret = -ENOMEM;
	spin_unlock(&sleeper_lock);
	return ret;
}

static int __init sleeper_init(void)
{
	return sleeper_fill(64);
}

static void __exit sleeper_exit(void)
{
	kfree(sleeper_buffer);
}

module_init(sleeper_init);
module_exit(sleeper_exit);
MODULE_DESCRIPTION("Sleeps while it holds a spinlock");
MODULE_LICENSE("GPL");
`;

/** The same without the mistake. */
export const sleeperFixed = sleeper.replace("GFP_KERNEL", "GFP_ATOMIC");

/** A program for people, not for the kernel. */
export const userProgram = `#include <stdio.h>
#include <stdlib.h>

int main(void)
{
	char *name = malloc(16);

	printf("%s\\n", name);
	return 0;
}
`;
