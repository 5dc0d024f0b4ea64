// SPDX-License-Identifier: GPL-2.0
/* The smallest module: it says hello, as often as asked, and goodbye. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/init.h>
#include <linux/module.h>
#include <linux/printk.h>

static unsigned int times = 1;
module_param(times, uint, 0444);
MODULE_PARM_DESC(times, "how often to say hello");

static int __init hello_init(void)
{
	unsigned int i;

	for (i = 0; i < times; i++)
		pr_info("hello\n");
	return 0;
}
module_init(hello_init);

static void __exit hello_exit(void)
{
	pr_info("goodbye\n");
}
module_exit(hello_exit);

MODULE_AUTHOR("Driverlab");
MODULE_DESCRIPTION("Says hello");
MODULE_LICENSE("GPL");
